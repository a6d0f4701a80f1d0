"""Is a mail a person's, and which tickets does it name?"""

import pytest

from subscription_mgmt.engine.incoming_mail import MOST_NUMBERS, is_automatic, is_from_list, numbers_in


@pytest.mark.parametrize(
	("headers", "sender"),
	[
		({"auto-submitted": "auto-replied"}, "ana@asker.example"),
		({"auto-submitted": "Auto-Generated; owner-email=x"}, "ana@asker.example"),
		({"precedence": "Bulk"}, "ana@asker.example"),
		({"precedence": "auto_reply"}, "ana@asker.example"),
		({"x-autoreply": "yes"}, "ana@asker.example"),
		({"return-path": "<>"}, "ana@asker.example"),
		({"isnotification": "<notification>"}, "ana@asker.example"),
		({}, "MAILER-DAEMON@mx.example"),
		({}, "postmaster@mx.example"),
	],
)
def test_what_a_machine_wrote_is_known(headers: dict[str, str], sender: str):
	assert is_automatic(headers, sender)


@pytest.mark.parametrize(
	"headers",
	[
		{},
		{"auto-submitted": "no"},
		{"auto-submitted": " No ; x"},
		{"precedence": "first-class"},
		{"precedence": "list", "list-id": "<team.asker.example>"},
	],
)
def test_what_a_person_wrote_is_not_taken_for_a_machine_s(headers: dict[str, str]):
	assert not is_automatic(headers, "ana@asker.example")


def test_a_list_is_known_by_either_of_its_marks():
	assert is_from_list({"list-id": "<team.asker.example>"})
	assert is_from_list({"precedence": " List"})
	assert not is_from_list({"precedence": "bulk"})


@pytest.mark.parametrize(
	("subject", "numbers"),
	[
		("Help", []),
		("Re: [TKT-2026-00001] Help", ["TKT-2026-00001"]),
		("Re: Help (#TKT-2026-00001)", ["TKT-2026-00001"]),
		("[TKT-2026-00001] and #TKT-2026-00001 again", ["TKT-2026-00001"]),
		("[A-1] is too short, [with space] is none, [TKT-1]", ["A-1", "TKT-1"]),
		("[EXTERNAL] Re: [TKT-2026-00002] #TKT-2026-00001", ["EXTERNAL", "TKT-2026-00002", "TKT-2026-00001"]),
	],
)
def test_numbers_are_found_in_brackets_and_as_frappe_writes_them(subject: str, numbers: list[str]):
	assert numbers_in(subject) == numbers


def test_a_subject_full_of_numbers_asks_for_few():
	assert len(numbers_in(" ".join(f"[TKT-{n}]" for n in range(1000)))) == MOST_NUMBERS
