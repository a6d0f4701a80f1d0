"""Which fields does each event of a simulation have? As `shared/SCENARIOS.md`, Output, says; checked here."""

import re
from datetime import date, datetime
from decimal import Decimal

AMOUNT = re.compile(r"-?\d+(\.\d+)?")
STATUSES = {"Draft", "Trialling", "Active", "Past Due", "Suspended", "Ended", "Cancelled"}
MODES = {"Full", "Restricted", "Read Only", "Deleted"}
LINE_KINDS = {"plan", "pack", "usage", "licence", "credit", "balance"}
NOTICES = {
	*("reminder", "renewal", "restriction", "deletion", "quota_80", "quota_100", "blocked"),
	*("low_balance", "too_few_credits", "new_balance", "out_of_hours"),
}

# Fields an event must have, and amounts and days among them. It may have more.
FIELDS = {
	"invoice": {"customer", "contract", "due_on", "total", "lines"},
	"account_credit": {"customer", "contract", "change", "balance"},
	"payment": {"customer", "contract", "amount"},
	"contract": {"contract", "status"},
	"access": {"contract", "instance", "mode"},
	"notice": {"customer", "kind"},
	"deletion_waits": {"contract", "reasons"},
	"data_deleted": {"contract", "instance"},
	"licence": {"licence", "modules", "functions", "deployment", "updates_until"},
	"credits": {"customer", "change", "balance"},
	"ticket": {"ticket", "status", "severity", "route"},
	"breach": {"ticket", "target", "due"},
	"rejected": {"do", "reason"},
	"parked": {"contract", "reason"},
}
LINE = {"kind", "what", "quantity", "rate", "amount"}
AMOUNTS = {"total", "change", "balance", "amount", "rate"}
DAYS = {"due_on", "period_start", "period_end"}
CHOICES = {"contract": ("status", STATUSES), "access": ("mode", MODES), "notice": ("kind", NOTICES)}


def check_result(result: dict, decimals: int = 2) -> None:
	assert {"events", "summary"} <= set(result)
	assert {"contracts", "customers", "instances"} <= set(result["summary"])
	for event in result["events"]:
		check_event(event, decimals)
	for contract in result["summary"]["contracts"].values():
		assert contract["status"] in STATUSES
		check_figures(contract, {"invoiced", "paid"}, decimals)
	for customer in result["summary"]["customers"].values():
		assert isinstance(customer["credits"], int)
	for instance in result["summary"]["instances"].values():
		assert instance["mode"] in MODES


def check_event(event: dict, decimals: int) -> None:
	assert datetime.fromisoformat(event["at"]).utcoffset() is not None, event
	assert FIELDS[event["type"]] <= set(event), event
	check_figures(event, set() if event["type"] in ("credits", "notice") else AMOUNTS, decimals)
	if event["type"] in CHOICES:
		field, known = CHOICES[event["type"]]
		assert event[field] in known, event
	for line in event.get("lines", ()):
		assert LINE <= set(line) and line["kind"] in LINE_KINDS, line
		assert isinstance(line["quantity"], (int, float)), line
		check_figures(line, AMOUNTS, decimals)


def check_figures(holder: dict, amounts: set[str], decimals: int) -> None:
	for name in amounts & set(holder):
		assert AMOUNT.fullmatch(holder[name]) and -Decimal(holder[name]).as_tuple().exponent == decimals, (
			holder
		)
	for name in DAYS & set(holder):
		assert date.fromisoformat(holder[name]).isoformat() == holder[name], holder
