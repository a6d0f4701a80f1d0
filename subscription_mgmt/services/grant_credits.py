"""Grant what a pack of credits brings, once its invoice is paid; take it back when the payment is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.periods import add_months
from subscription_mgmt.engine.support_credits import CreditLine, grant_due
from subscription_mgmt.services.support_ports import SupportPorts


def grant_credits(
	charges: Sequence[Charge], is_paid: bool, today: date, now: datetime, ports: SupportPorts
) -> None:
	"""`charges`: those of one invoice. Asked again, nothing is granted twice."""
	bought = [charge for charge in charges if charge.kind is ChargeKind.PACK]
	packs = ports.base.catalogue.packs({charge.what for charge in bought}) if bought else {}
	for charge in bought:
		credits = int(charge.quantity * packs[charge.what].credits)
		lines = ports.credits.lines_from(charge.key) if credits else ()
		if not credits:
			continue
		expires_on = _expires_on(charge.customer, today, ports)
		line = grant_due(charge.customer, charge.key, credits, lines, is_paid, now, expires_on)
		if line is not None:
			_book(line, ports)


def _book(line: CreditLine, ports: SupportPorts) -> None:
	"""What was used already cannot be taken back: the balance never goes below 0."""
	if line.change < 0:
		line = replace(line, change=-min(-line.change, ports.credits.balance(line.customer)), expires_on=None)
	if line.change:
		ports.desk.credited(line, ports.credits.add(line))


def _expires_on(customer: str, today: date, ports: SupportPorts) -> date | None:
	"""Seed es: "No existe caducidad temporal"; a policy may set otherwise."""
	name = ports.promises.policy_of(customer)
	rules = ports.promises.policy(name).credits if name else None
	return add_months(today, rules.expire_months) if rules and rules.expire_months else None
