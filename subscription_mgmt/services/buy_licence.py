"""Sell a Draft licence: charge it once, credit the subscription it replaces, let hosting take over."""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.conversion import check_convertible, converted
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.licences import Licence, sold
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.applying import apply, due, gather
from subscription_mgmt.services.bill_usage import with_usage
from subscription_mgmt.services.host_licence import hosting_ordered
from subscription_mgmt.services.ports import Ports


def buy_licence(name: str, today: date, ports: Ports, hosting_contract: str | None = None) -> None:
	"""`hosting_contract`: the name the Hosting contract is to have, where names are given."""
	licence = ports.licences.get(name)
	check_buyer(licence, ports)
	sale = sold(licence, ports.catalogue.plan(licence.plan), ports.catalogue.modules(), today)
	subscription = _subscription(licence, today, ports)
	missed = _missed(subscription, today, ports) if subscription else None
	hosting = hosting_ordered(licence, hosting_contract, subscription, today, ports)

	issued = sale.licence
	if hosting is not None:
		issued = replace(issued, hosting_contract=ports.licences.open_hosting(licence, hosting))
	over = None
	if subscription is not None and missed is not None:
		apply(subscription, missed, today, ports)
		over = converted(missed.contract, ports.ledger.charges_of(subscription.name), licence, today)
	ports.licences.save(licence, issued)
	ports.licences.noted(issued, "licence_sold", plan=issued.plan)
	for invoice in ports.ledger.sell((*sale.charges, *(over.charges if over else ())), today):
		ports.journal.invoiced(invoice)
	# Hosting begins before the subscription is over, so that the instance is never without access.
	if issued.hosting_contract is not None:
		activate(issued.hosting_contract, today, ports)
	if missed is not None and over is not None:
		last = with_usage(missed.contract, Outcome(over.contract), today, ports)
		apply(missed.contract, last, today, ports)
		ports.journal.noted(over.contract, "converted", licence=issued.name)


def check_buyer(licence: Licence, ports: Ports) -> None:
	if ports.customers.is_disabled(licence.customer):
		raise DomainError("customer_disabled", customer=licence.customer)


def _subscription(licence: Licence, today: date, ports: Ports) -> Contract | None:
	if licence.converted_from is None:
		return None
	before = ports.licences.converted_to(licence.converted_from)
	if before is not None:
		raise DomainError("converted_before", contract=licence.converted_from, licence=before)
	contract = ports.contracts.get(licence.converted_from)
	check_convertible(contract, ports.catalogue.plan(contract.plan), licence, today)
	return contract


def _missed(subscription: Contract, today: date, ports: Ports) -> Outcome:
	"""The periods a missed night left out are owed on the subscription itself."""
	plan, packs = gather(subscription, ports)
	return due(subscription, plan, packs, today, ports)
