"""Does a line that somebody typed keep its words and lose its tags?"""

import pytest

from subscription_mgmt.adapters.typed_text import as_text


@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("<img src=x onerror=steal() y=", "< img src=x onerror=steal() y="),
		('<img src=x onerror=steal() y=">', '< img src=x onerror=steal() y=">'),
		("<<b>img src=x>", "<< b>img src=x>"),
		("</td><script>x</script>", "< /td>< script>x< /script>"),
		("<!-- never closed", "< !-- never closed"),
		("3 < 4, a<3, <- and >", "3 < 4, a<3, <- and >"),
		("", ""),
		(None, None),
	],
)
def test_no_tag_begins_in_what_is_kept(typed: str | None, kept: str | None):
	assert as_text(typed) == kept
