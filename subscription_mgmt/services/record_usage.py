"""Take in what a meter measured, each record once, and tell the customer when he nears a quota."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from subscription_mgmt.engine.contracts import Contract, check_running
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.overage import month_of
from subscription_mgmt.engine.quotas import Standing, Told, allowed_on, check_reading, quota_of, taken
from subscription_mgmt.engine.usage import UsageRecord, is_new
from subscription_mgmt.services.applying import gather
from subscription_mgmt.services.ports import Ports


@dataclass(frozen=True)
class Intake:
	"""What became of a batch: records `taken`, those known before, and (position, why) of those refused."""

	taken: tuple[UsageRecord, ...] = ()
	duplicates: int = 0
	refused: tuple[tuple[int, DomainError], ...] = ()
	told: tuple[Told, ...] = ()


def record_usage(name: str, records: Sequence[UsageRecord], now: datetime, ports: Ports) -> Intake:
	"""`now`: local time of the contract. What is refused of a batch does not stop the rest.

	Late records are taken and go to the next bill; only those of the current month are told of or blocked.
	Raises DomainError when the contract is a draft or over.
	"""
	contract = ports.contracts.get(name)
	check_running(contract, now.date())
	if not records:
		return Intake()
	intake = _decided(contract, records, now, ports)
	if not intake.taken:
		return intake
	ports.usage.add(contract, intake.taken)
	if contract.usage_from is None and contract.anchor is not None:
		first = min(record.at.date() for record in intake.taken)
		begins = month_of(contract, max(first, contract.anchor)).start
		ports.contracts.save(contract, replace(contract, usage_from=begins))
	for told in intake.told:
		_tell(contract, told, ports)
	return intake


def _decided(contract: Contract, records: Sequence[UsageRecord], now: datetime, ports: Ports) -> Intake:
	plan, packs = gather(contract, ports)
	month = month_of(contract, now.date())
	known = dict(ports.usage.known(contract.name, {record.key for record in records}))
	standings = dict(ports.usage.standings(contract.name, month, {record.metric for record in records}))
	quotas = {metric: quota_of(plan, packs, metric) for metric in {record.metric for record in records}}
	allowed: dict[tuple[str, str | None, date], Decimal] = {}
	counted, told, refused, duplicates = [], [], [], 0
	for position, record in enumerate(records):
		try:
			quota = check_reading(record, plan, quotas[record.metric], now)
			if record.at.date() < contract.start:
				raise DomainError("usage_before_start", at=record.at.date(), start=contract.start)
			if not is_new(record, known.get(record.key)):
				duplicates += 1
				continue
		except DomainError as error:
			refused.append((position, error))
			continue
		known[record.key] = record
		day = record.at.date()
		if day not in month:
			counted.append(record)
			continue
		place = (*record.what, day)
		if place not in allowed:
			allowed[place] = allowed_on(day, quota, contract, packs, record.module)
		step = taken(record, quota, allowed[place], standings.get(record.what, Standing()))
		standings[record.what] = step.standing
		counted.append(step.record)
		told.extend(step.told)
	return Intake(tuple(counted), duplicates, tuple(refused), tuple(_once(told)))


def _once(told: Sequence[Told]) -> Iterator[Told]:
	"""Of several alike in one batch, the last one: it has the latest figure."""
	yield from {(each.kind, each.metric, each.module): each for each in told}.values()


def _tell(contract: Contract, told: Told, ports: Ports) -> None:
	figures: Mapping[str, object] = {"metric": told.metric, "used": told.used, "quota": told.quota}
	module = {"module": told.module} if told.module else {}
	ports.notices.send(contract, told.kind, **figures, **module)
