"""How is a line that somebody typed kept, so that Desk, which shows such fields as HTML, finds no tag in it?"""

import re

OPENS_A_TAG = re.compile(r"<(?=[a-zA-Z/!?])")


def as_text(typed: str | None) -> str | None:
	"""Every word of it. Frappe leaves tags as they are that are never closed, and browsers close them."""
	return OPENS_A_TAG.sub("< ", typed) if typed else typed
