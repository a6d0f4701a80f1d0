"""What becomes of a subscription when its customer buys a licence, and who hosts the instance then?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.catalogue import Plan, PlanKind
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract, Status, check_running
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.ending import unused_credits
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.licences import Licence
from subscription_mgmt.engine.periods import Interval


def check_convertible(contract: Contract, plan: Plan, licence: Licence, today: date) -> None:
	"""Refuse what is not a running subscription of the customer who buys.

	Debts are paid first: otherwise a licence not paid for would give back the access that was taken away.
	"""
	if contract.customer != licence.customer:
		raise DomainError("contract_of_another", contract=contract.name, customer=contract.customer)
	check_running(contract, today)
	if plan.kind is not PlanKind.SUBSCRIPTION:
		raise DomainError("not_convertible", contract=contract.name, plan=plan.name, kind=plan.kind.value)
	if contract.status is Status.SUSPENDED:
		raise DomainError("suspended_not_convertible", contract=contract.name)


def converted(contract: Contract, charged: Iterable[Charge], licence: Licence, today: date) -> Outcome:
	"""The subscription over today, whatever its commitment, and a credit for all that is paid ahead.

	As with an upgrade, the credit is the customer's whether the plan is refundable or not: the money stays
	with the vendor (DESIGN §2, Plan change).
	"""
	over = replace(
		contract.moved("cancelled"), ends_on=today, next_billing=None, auto_renew=False, planned=None
	)
	credits = (replace(credit, licence=licence.name) for credit in unused_credits(charged, today, contract))
	return Outcome(over, tuple(credits))


def hosting_of(
	licence: Licence, name: str, plan: Plan, instance: str | None, like: Contract | None, today: date
) -> Contract:
	"""The Draft contract that hosts an Online licence from today; `like`: the subscription it replaces.

	Seed bo: "Solo tendrá el pago de Hosting o almacenamiento por el servicio online."
	"""
	if plan.kind is not PlanKind.HOSTING:
		raise DomainError("not_hosting", plan=plan.name, kind=plan.kind.value)
	if licence.deployment is Deployment.LOCAL:
		raise DomainError("local_needs_no_hosting", licence=licence.name)
	return Contract(
		name=name,
		customer=licence.customer,
		plan=plan.name,
		interval=licence.hosting_every or _interval(plan, licence, like),
		currency=licence.currency,
		decimals=licence.decimals,
		start=today,
		instance=instance,
	)


def _interval(plan: Plan, licence: Licence, like: Contract | None) -> Interval:
	"""That of the subscription where hosting has a price for it, else the first one that has a price."""
	priced = [
		price.interval for price in plan.prices if price.currency == licence.currency and price.interval
	]
	if not priced:
		raise DomainError("no_hosting_price", plan=plan.name, currency=licence.currency)
	return like.interval if like is not None and like.interval in priced else priced[0]
