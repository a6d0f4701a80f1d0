"""How does a customer go over to another plan or buy packs, knowing exactly what he will be charged?

A page shows the lines an order would create; the order names their total. Where it would cost something else by
then, it is not carried out, and the customer looks again.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

import frappe
from frappe import _
from frappe.utils import cint

from subscription_mgmt.adapters.contract_records import contract_of
from subscription_mgmt.adapters.published import Described, is_published, published_packs, published_plans
from subscription_mgmt.adapters.sales_invoices import describe
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.portal.guard import contract_visited
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.engine.billing import Outcome, pack_price
from subscription_mgmt.engine.catalogue import PlanKind, interval_named
from subscription_mgmt.engine.charges import Charge, total
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.offers import Offer, offers, packs_for
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.refusals import refusals_worded, sentence
from subscription_mgmt.services import add_pack as adding
from subscription_mgmt.services import change_plan as changing
from subscription_mgmt.services.ports import Ports


def change_page(name: str | None, plan: str, interval: str) -> dict:
	"""The plans to choose from; once one is chosen, the preview of exactly what it costs."""
	visit, record, today = contract_visited(Verb.CHANGE_PLAN, name)
	ports, contract = site_ports(), contract_of(record)
	described = {each.what.name: each for each in published_plans()}
	offered = offers(
		contract, ports.catalogue.plan(contract.plan), [each.what for each in described.values()], today
	)
	page = {
		"visit": visit,
		"contract": contract,
		"url": link("contract", name=contract.name),
		"plans": [
			_plan(described[name], contract, list(choices))
			for name, choices in groupby(offered, key=lambda offer: offer.plan.name)
		],
	}
	if plan:
		page["chosen"] = {"plan": plan, "interval": interval}
		page.update(_previewed(lambda: _changed(contract, plan, interval, today, ports), contract))
	return page


def _plan(described: Described, contract: Contract, choices: list[Offer]) -> dict:
	plan = described.what
	return {
		"name": plan.name,
		"description": described.description,
		"modules": plan.modules,
		"is_read_only": plan.kind is PlanKind.READ_ONLY,
		"choices": [
			{
				"interval": offer.interval.value,
				"price": offer.price,
				"is_current": offer.is_current,
				"url": link("change-plan", name=contract.name, plan=plan.name, interval=offer.interval.value),
			}
			for offer in choices
		],
	}


def packs_page(name: str | None, pack: str, quantity: int, module: str) -> dict:
	visit, record, today = contract_visited(Verb.BUY, name)
	ports, contract = site_ports(), contract_of(record)
	plan = ports.catalogue.plan(contract.plan)
	described = {each.what.name: each for each in published_packs()}
	buyable = packs_for(contract, plan, [each.what for each in described.values()], today)
	page = {
		"visit": visit,
		"contract": contract,
		"url": link("contract", name=contract.name),
		"modules": plan.modules,
		"packs": [_pack(described[each.name], contract, today) for each in buyable],
	}
	if pack:
		page["chosen"] = {"pack": pack, "quantity": quantity, "module": module}
		page.update(_previewed(lambda: _added(contract, pack, quantity, module, today, ports), contract))
	return page


def _pack(described: Described, contract: Contract, today: date) -> dict:
	return {
		"name": described.what.name,
		"description": described.description,
		"per_module": described.what.per_module,
		"one_off": described.what.one_off,
		"price": pack_price(contract, described.what, today),
	}


@frappe.whitelist(methods=["POST"])
def change_plan(contract: str, plan: str, interval: str, total: str) -> dict:
	"""`total`: what the preview came to."""
	_visit, record, today = contract_visited(Verb.CHANGE_PLAN, contract)
	ports = site_ports()
	with refusals_worded():
		held = ports.contracts.get(record.name)
		_check_total(_changed(held, plan, interval, today, ports).charges, total)
		changing.change_plan(record.name, plan, interval_named(interval), None, today, ports)
	return {"next": link("contract", name=record.name)}


@frappe.whitelist(methods=["POST"])
def buy_pack(
	contract: str, pack: str, total: str, quantity: int | str = 1, module: str | None = None
) -> dict:
	"""`total`: what the preview came to."""
	_visit, record, today = contract_visited(Verb.BUY, contract)
	ports = site_ports()
	with refusals_worded():
		held = ports.contracts.get(record.name)
		_check_total(_added(held, pack, cint(quantity), module, today, ports).charges, total)
		adding.add_pack(record.name, pack, cint(quantity), module or None, today, ports)
	return {"next": link("contract", name=record.name)}


def _changed(contract: Contract, plan: str, interval: str, today: date, ports: Ports) -> Outcome:
	if not is_published("Plan", plan):
		raise DomainError("unknown_plan", plan=plan)
	return changing.decided_change(contract, plan, interval_named(interval), None, today, ports)


def _added(
	contract: Contract, pack: str, quantity: int, module: str | None, today: date, ports: Ports
) -> Outcome:
	if not is_published("Pack", pack):
		raise DomainError("unknown_pack", pack=pack)
	plan = ports.catalogue.plan(contract.plan)
	if module and module not in plan.modules:
		raise DomainError("module_not_metered", plan=plan.name, module=module)
	return adding.decided_pack(contract, pack, quantity, module or None, today, ports)


def _previewed(decide: Callable[[], Outcome], contract: Contract) -> dict:
	"""`{"preview"}`, or `{"refusal"}` where it is not possible, and why."""
	try:
		outcome = decide()
	except DomainError as error:
		return {"refusal": sentence(error.code, **error.context)}
	planned = outcome.contract.planned
	return {
		"preview": {
			"currency": contract.currency,
			"total": total(outcome.charges),
			"on": planned.on if planned and planned != contract.planned else None,
			"lines": [
				{"description": describe(charge), "amount": charge.amount}
				for charge in outcome.charges
				if charge.amount
			],
		}
	}


def _check_total(charges: Sequence[Charge], agreed: str) -> None:
	"""Nobody is charged another amount than the one he was shown."""
	try:
		shown = Decimal(agreed)
	except ArithmeticError:
		shown = None
	if shown != total(charges):
		frappe.throw(_("The price has changed since you looked. Look at it again."))
