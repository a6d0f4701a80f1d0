"""Bill what was used beyond the quota in the months that are over, on the invoice of whatever else is due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.catalogue import Plan
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.contracts import OVER, Contract, Status
from subscription_mgmt.engine.overage import Terms, month_of, usage_due
from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.services.ports import Ports


def with_usage(before: Contract, outcome: Outcome, today: date, ports: Ports) -> Outcome:
	"""`outcome`, which made `before` what it is by today, and the usage that is due by then.

	A month that is cut short, because the contract is over or its billing day is another one now, is billed
	at once. Costs nothing where nothing was ever metered.
	"""
	after = outcome.contract
	if before.usage_from is None or before.status in OVER:
		return outcome
	if after.status in OVER:
		owed = _owed(before, after.ends_on or today, outcome.charges, today, ports, after)
		return Outcome(replace(after, usage_from=None), (*outcome.charges, *owed.charges))
	if after.anchor is None or after.anchor == before.anchor:
		owed = _owed(before, today, outcome.charges, today, ports)
		return Outcome(replace(after, usage_from=owed.contract.usage_from), (*outcome.charges, *owed.charges))
	owed = _owed(before, after.anchor, outcome.charges, today, ports, after)
	begun = replace(after, usage_from=after.anchor, suspensions=())
	following = _owed(begun, today, outcome.charges, today, ports)
	return Outcome(following.contract, (*outcome.charges, *owed.charges, *following.charges))


def _owed(
	contract: Contract,
	until: date,
	charging: Sequence[Charge],
	today: date,
	ports: Ports,
	cut_by: Contract | None = None,
) -> Outcome:
	"""`charging`: what is being charged beside it. `cut_by`: the contract as it is once the begun month is
	cut short."""
	next_billing = contract.next_usage_billing
	assert contract.usage_from is not None and contract.anchor is not None
	if cut_by is None and (next_billing is None or next_billing > until):
		return Outcome(contract)
	late = ports.usage.unbilled_from(contract.name)
	since = min(late or contract.usage_from, contract.usage_from)
	month = month_of(contract, max(since, contract.anchor))
	changed = any(charge.kind is ChargeKind.PLAN and charge.what != contract.plan for charge in charging)
	looks_back = since < contract.usage_from or contract.changes or changed
	charged = ports.ledger.charges_of(contract.name) if looks_back else ()
	terms = terms_of(contract, (*charged, *charging), ports)
	records = ports.usage.since(contract.name, month.start)
	if cut_by is not None and cut_by.status is Status.CANCELLED:
		records = [_in_time(record, until) for record in records]
	return usage_due(terms, records, charged, since, until, today, cut=cut_by is not None)


def terms_of(contract: Contract, charged: Sequence[Charge], ports: Ports) -> Terms:
	"""What the contract was allowed and when. `charged`: its charges, by which the plans it was on are known."""
	packs = ports.catalogue.packs({line.pack for line in contract.packs}) if contract.packs else {}
	return Terms(contract, _plans(contract, charged, ports), packs)


def _plans(contract: Contract, charged: Sequence[Charge], ports: Ports) -> list[tuple[date, Plan]]:
	"""Which plan the contract was on and from when, as it was charged for it."""
	names = {
		charge.period.start: charge.what
		for charge in charged
		if charge.kind is ChargeKind.PLAN and charge.period is not None
	}
	names = names or {contract.start: contract.plan}
	return [(day, ports.catalogue.plan(name)) for day, name in sorted(names.items())]


def _in_time(record: UsageRecord, end: date) -> UsageRecord:
	"""What was measured on the very day of a cancellation, before it, belongs to the last day billed."""
	if record.at.date() != end:
		return record
	last = datetime.combine(end - timedelta(days=1), time.max, record.at.tzinfo)
	return replace(record, at=last)
