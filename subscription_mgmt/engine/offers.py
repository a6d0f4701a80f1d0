"""What may a customer choose himself in the portal: which other plans and intervals, which packs?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack, Plan, PlanKind
from subscription_mgmt.engine.contracts import OVER, Contract, Status
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.prices import Price, holding_on

# Going over to a kind of service that the contract is not for is a talk with the vendor, not a click.
_LEADS_TO = {
	PlanKind.SUBSCRIPTION: (PlanKind.SUBSCRIPTION, PlanKind.READ_ONLY),
	PlanKind.READ_ONLY: (PlanKind.SUBSCRIPTION, PlanKind.READ_ONLY),
	PlanKind.HOSTING: (PlanKind.HOSTING, PlanKind.READ_ONLY),
	PlanKind.SUPPORT: (PlanKind.SUPPORT,),
}


@dataclass(frozen=True)
class Offer:
	"""A plan at a price per interval; `is_current`: what the contract has already."""

	plan: Plan
	interval: Interval
	price: Decimal
	is_current: bool = False


def offers(contract: Contract, current: Plan, published: Iterable[Plan], today: date) -> list[Offer]:
	"""Cheapest tier first. While nothing is served, because it is not paid or is over, only read-only plans."""
	kinds = _LEADS_TO.get(current.kind, ())
	if contract.status is Status.SUSPENDED or contract.status in OVER:
		kinds = (PlanKind.READ_ONLY,) if PlanKind.READ_ONLY in kinds else ()
	found = [
		Offer(
			plan,
			interval,
			price,
			plan.name == contract.plan and interval is contract.interval,
		)
		for plan in published
		if plan.kind in kinds
		for interval, price in priced(plan.prices, contract.currency, today)
	]
	return sorted(found, key=lambda offer: (offer.plan.tier, offer.plan.name, offer.interval.months))


def priced(prices: Sequence[Price], currency: str, day: date) -> list[tuple[Interval, Decimal]]:
	"""The intervals for which there is a price that day, the shortest first."""
	held = ((interval, holding_on(prices, interval, currency, day)) for interval in Interval)
	found = [(interval, price.amount) for interval, price in held if price is not None]
	return sorted(found, key=lambda each: each[0].months)


def once(prices: Sequence[Price], currency: str, day: date) -> Decimal | None:
	"""What is sold once costs that; None: not for sale in that currency."""
	held = holding_on(prices, None, currency, day)
	return held.amount if held else None


def packs_for(contract: Contract, plan: Plan, published: Iterable[Pack], today: date) -> list[Pack]:
	"""Packs that have a price for this contract; those per module only where the plan has modules."""
	return [
		pack
		for pack in published
		if holding_on(pack.prices, None if pack.one_off else contract.interval, contract.currency, today)
		and (plan.modules or not pack.per_module)
		and plan.kind is not PlanKind.READ_ONLY
	]
