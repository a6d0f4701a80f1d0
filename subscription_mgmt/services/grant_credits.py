"""Grant what a pack of credits brings, once its invoice is paid; take it back when the payment or the sale is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.periods import add_months
from subscription_mgmt.engine.support_credits import grant_due
from subscription_mgmt.services.booking import book
from subscription_mgmt.services.support_ports import SupportPorts

WHOLE = Decimal(1)


def grant_credits(
	charges: Sequence[Charge],
	is_paid: bool,
	today: date,
	now: datetime,
	ports: SupportPorts,
	sold: Mapping[str, Decimal] | None = None,
) -> None:
	"""`charges`: those of one invoice. Asked again, nothing is granted twice.

	`sold`: by key, the share of a charge that no credit note took back (left out: all of it).
	"""
	bought = [charge for charge in charges if charge.kind is ChargeKind.PACK]
	packs = ports.base.catalogue.packs({charge.what for charge in bought}) if bought else {}
	for charge in bought:
		credits = int(charge.quantity * packs[charge.what].credits)
		if not credits:
			continue
		owed = int(credits * (sold or {}).get(charge.key, WHOLE)) if is_paid else 0
		balance = ports.credits.balance(charge.customer)
		lines = ports.credits.lines_from(charge.key)
		expires_on = _expires_on(charge.customer, today, ports)
		line = grant_due(charge.customer, charge.key, owed, lines, balance, now, expires_on)
		if line is not None:
			book(line, ports)


def _expires_on(customer: str, today: date, ports: SupportPorts) -> date | None:
	"""Seed es: "No existe caducidad temporal"; a policy may set otherwise."""
	name = ports.promises.policy_of(customer)
	rules = ports.promises.policy(name).credits if name else None
	return add_months(today, rules.expire_months) if rules and rules.expire_months else None
