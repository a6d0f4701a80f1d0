"""Tell a customer that his contract is about to renew, and at which price, in time to say no."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.billing import plan_price
from subscription_mgmt.engine.catalogue import Plan
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.renewal import renewal_to_notice
from subscription_mgmt.services.ports import Ports


def notice_renewal(name: str, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	plan = ports.catalogue.plan(contract.plan)
	day = renewal_to_notice(contract, plan, today)
	if day is not None:
		ports.notices.send(contract, "renewal", renews_on=day, price=_price_from(contract, plan, day))
		ports.contracts.save(contract, replace(contract, renewal_noticed=day))


def _price_from(contract: Contract, plan: Plan, day: date) -> Decimal | None:
	"""The plan's price for the period that begins with the renewal; None where the price list has a gap by then,
	which keeps nobody from being told in time, and which billing refuses on its day."""
	try:
		return plan_price(contract, plan, contract.period_on(day))
	except DomainError as refusal:
		if refusal.code != "no_price":
			raise
		return None
