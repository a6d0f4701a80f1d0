"""Does an event read as one sentence, whatever its type?"""

from typing import Any

import pytest

from subscription_mgmt.simulation.wording import days_text, sentence

WORDED = [
	({"type": "contract", "status": "Past Due"}, "Contract is Past Due"),
	({"type": "access", "instance": "a.example", "mode": "Read Only"}, "a.example: Read Only"),
	({"type": "notice", "customer": "Acme", "kind": "reminder"}, "Payment reminder to Acme"),
	({"type": "notice", "customer": "Acme", "kind": "brand_new"}, "Notice: brand new to Acme"),
	({"type": "deletion_waits", "reasons": ["hold", "backup"]}, "Deletion waits for: hold, backup"),
	({"type": "data_deleted", "instance": "a.example"}, "Data of a.example deleted"),
	({"type": "account_credit", "change": "50.00", "balance": "50.00"},
		"Credit of BOB 50.00 kept for the next invoice, balance BOB 50.00"),
	({"type": "account_credit", "change": "-50.00", "balance": "0.00"},
		"Credit of BOB 50.00 used, balance BOB 0.00"),
	({"type": "credits", "customer": "Acme", "change": -30, "balance": 90, "ticket": "T1"},
		"Support credits -30, balance 90 (ticket T1)"),
	({"type": "breach", "ticket": "T1", "target": "response", "due": "2026-01-05T13:00:00-04:00"},
		"Response missed, due 2026-01-05 13:00"),
	({"type": "rejected", "do": "change_plan", "code": "no_price", "reason": "It has no price."},
		"Refused to change plan: It has no price."),
	({"type": "parked", "contract": "C1", "reason": "The customer is disabled."},
		"Parked: The customer is disabled."),
	({"type": "drill_done", "instance": "a.example", "minutes": 20},
		"Drill done: instance a.example, minutes 20"),
	({"type": "payment"}, "Payment"),
]  # fmt: skip


@pytest.mark.parametrize(("event", "text"), WORDED, ids=[str(event["type"]) for event, _ in WORDED])
def test_every_event_is_worded_and_an_unknown_one_told_by_its_fields(event: dict[str, Any], text: str):
	assert sentence(event, "BOB") == text


def test_a_period_is_told_with_its_last_day_included():
	assert days_text("2026-01-31", "2026-02-28") == "2026-01-31 to 2026-02-27"
	assert days_text("2026-01-31", "2026-02-01") == "2026-01-31"
