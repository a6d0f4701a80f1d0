"""How does an event of a simulation read, in one sentence?

The terminal's table and the page use the same words. Events are those of SCENARIOS.md's Output.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_currency, get_currency_symbol

Event = Mapping[str, Any]
# What an event is about, which is how it is coloured. Types not named here are "other".
KINDS = {
	"invoice": "invoice",
	"account_credit": "payment",
	"payment": "payment",
	"contract": "status",
	"access": "status",
	"licence": "status",
	"ticket": "status",
	"credits": "status",
	"notice": "notice",
	"deletion_waits": "notice",
	"data_deleted": "rejected",
	"breach": "rejected",
	"rejected": "rejected",
	"parked": "rejected",
}
NOTICES = {
	"reminder": "Payment reminder",
	"renewal": "Renewal notice",
	"restriction": "Notice of restriction",
	"deletion": "Notice of deletion",
	"quota_80": "80 % of a quota used",
	"quota_100": "Quota used up",
	"blocked": "Blocked by a quota",
	"low_balance": "Low balance of support credits",
	"too_few_credits": "Too few support credits",
	"new_balance": "New balance of support credits",
	"out_of_hours": "Outside working hours",
}


def kind_of(event: Event) -> str:
	return KINDS.get(str(event.get("type")), "other")


def day_of(event: Event) -> str:
	return str(event.get("at", ""))[:10]


def date_of(event: Event) -> date:
	return date.fromisoformat(day_of(event))


def time_of(event: Event) -> str:
	return str(event.get("at", ""))[11:16]


def about(event: Event) -> str:
	"""The contract, ticket, licence, instance or customer an event is about."""
	keys = ("contract", "ticket", "licence", "instance", "customer")
	if event.get("type") == "credits":
		keys = ("customer", "ticket")
	return str(next((event[key] for key in keys if event.get(key)), ""))


@lru_cache(maxsize=4096)
def money(amount: str | Decimal, currency: str) -> str:
	"""`money("1800.00", "BOB")` → `BOB 1,800.00`; `money("1800.00", "EUR")` → `€1,800.00`."""
	is_word = get_currency_symbol(currency, locale="en")[-1].isalpha()
	return format_currency(Decimal(amount), currency, "¤ #,##0.00" if is_word else None, locale="en")


@lru_cache(maxsize=4096)
def figure(amount: str | Decimal, currency: str) -> str:
	"""An amount where the currency is told elsewhere: `1,800.00`."""
	return format_currency(Decimal(amount), currency, "#,##0.00", locale="en")


def days_text(start: str, end: str) -> str:
	"""A period in words, its last day included; `end` is the first day not covered."""
	last = date.fromisoformat(end) - timedelta(days=1)
	return start if start == last.isoformat() else f"{start} to {last.isoformat()}"


def line_texts(line: Event, currency: str) -> tuple[str, str]:
	"""What one line of an invoice is for, and its amount."""
	what = str(line.get("what", ""))
	if line.get("kind") == "credit":
		what = f"{what}, unused part"
	if line.get("module"):
		what = f"{what} ({line['module']})"
	if line.get("period_start") and line.get("period_end"):
		what = f"{what}, {days_text(line['period_start'], line['period_end'])}"
	quantity = Decimal(str(line.get("quantity", 1)))
	if quantity != 1:
		what = f"{what}, × {quantity.normalize():f}"
	return what, figure(line["amount"], currency)


def backups_text(instance: Mapping[str, Any]) -> str:
	counts = instance.get("backups") or {}
	return ", ".join(f"{count} {_words(name)}" for name, count in counts.items())


def availability_text(instance: Mapping[str, Any]) -> str:
	"""Of the lowest month, which is the one that may have broken a promise."""
	months = instance.get("availability") or {}
	if not months:
		return ""
	month = min(months, key=lambda name: Decimal(months[name]))
	if Decimal(months[month]) == 100:
		return "100 % in every month"
	return f"{months[month]} % in {month}, the lowest of {len(months)} months"


def sentence(event: Event, currency: str) -> str:
	"""What happened. An event of a type not known here, or lacking a field, is told by its fields."""
	wording = WORDINGS.get(str(event.get("type")))
	try:
		return wording(event, currency) if wording else _told_by_fields(event)
	except (KeyError, ArithmeticError):
		return _told_by_fields(event)


def _told_by_fields(event: Event) -> str:
	fields = [
		f"{_words(key)} {_list(value)}" for key, value in event.items() if key not in ("at", "type") and value
	]
	name = _words(event.get("type") or "event").capitalize()
	return f"{name}: {', '.join(fields)}" if fields else name


def _invoice(event: Event, currency: str) -> str:
	return f"Invoice of {money(event['total'], currency)}, due {event['due_on']}"


def _account_credit(event: Event, currency: str) -> str:
	change = Decimal(event["change"])
	did = "kept for the next invoice" if change > 0 else "used"
	return f"Credit of {money(abs(change), currency)} {did}, balance {money(event['balance'], currency)}"


def _notice(event: Event, currency: str) -> str:
	text = NOTICES.get(event["kind"], f"Notice: {_words(event['kind'])}")
	return f"{text} to {event['customer']}" if event.get("customer") else text


def _access(event: Event, currency: str) -> str:
	return f"{event.get('instance') or 'Access'}: {event['mode']}"


def _licence(event: Event, currency: str) -> str:
	if event.get("status") == "Revoked":
		return f"Licence {event['licence']} is revoked"
	text = f"Licence {event['licence']}, {event['deployment']}: modules {_list(event['modules'])}"
	text += f"; functions {_list(event['functions'])}"
	return f"{text}; updates until {event['updates_until']}" if event.get("updates_until") else text


def _credits(event: Event, currency: str) -> str:
	text = f"Support credits {_signed(event['change'])}, balance {event['balance']}"
	return (
		f"{text} (ticket {event['ticket']})"
		if event.get("ticket") and about(event) != event["ticket"]
		else text
	)


def _ticket(event: Event, currency: str) -> str:
	parts = [f"Ticket {event['status']}, severity {event['severity']}, route {event['route']}"]
	if event.get("offer"):
		parts.append(f"offer {event['offer']}")
	if event.get("respond_by"):
		parts.append(f"respond by {_moment(event['respond_by'])}")
	if event.get("resolve_by"):
		parts.append(f"resolve by {_moment(event['resolve_by'])}")
	return ", ".join(parts)


WORDINGS: dict[str, Callable[[Event, str], str]] = {
	"invoice": _invoice,
	"account_credit": _account_credit,
	"payment": lambda event, currency: f"Payment of {money(event['amount'], currency)}",
	"contract": lambda event, currency: f"Contract is {event['status']}",
	"access": _access,
	"notice": _notice,
	"deletion_waits": lambda event, currency: f"Deletion waits for: {_list(event['reasons'])}",
	"data_deleted": lambda event, currency: f"Data of {event.get('instance') or 'the customer'} deleted",
	"licence": _licence,
	"credits": _credits,
	"ticket": _ticket,
	"breach": lambda event, currency: (
		f"{_words(event['target']).capitalize()} missed, due {_moment(event['due'])}"
	),
	"rejected": lambda event, currency: f"Refused to {_words(event['do'])}: {_words(event['reason'])}",
	"parked": lambda event, currency: f"Parked: {event['reason']}",
}


def _words(name: object) -> str:
	return str(name).replace("_", " ")


def _list(names: object) -> str:
	if isinstance(names, str) or not isinstance(names, Sequence):
		return _words(names or "none")
	return ", ".join(_words(name) for name in names) or "none"


def _signed(number: object) -> str:
	change = Decimal(str(number))
	return f"{'+' if change > 0 else ''}{change:f}"


def _moment(at: object) -> str:
	return str(at)[:16].replace("T", " ")
