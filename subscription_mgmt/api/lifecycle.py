"""What can be done about a contract's plan, its data and its instance from Desk?"""

import frappe
from frappe import _

from subscription_mgmt.adapters import manual_hosting
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.contract_records import DOCTYPE, contract_of
from subscription_mgmt.adapters.providers import is_manual
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.contract import day_if_writable, shown_line
from subscription_mgmt.engine.catalogue import interval_named
from subscription_mgmt.engine.charges import total
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.engine.plan_change import NOW, PERIOD_END
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import change_plan as changing
from subscription_mgmt.services import hold as holding


@frappe.whitelist(methods=["POST"])
def change_plan(contract: str, plan: str, interval: str | None = None, when: str | None = None) -> None:
	today = day_if_writable(contract)
	with refusals_worded():
		changing.change_plan(contract, plan, _interval(interval), _moment(when), today, site_ports())


@frappe.whitelist()
def preview_change(contract: str, plan: str, interval: str | None = None, when: str | None = None) -> dict:
	"""`{"on": day or None, "currency", "total", "lines": [...]}`: exactly the lines the change would create now.

	`on`: the day a change takes effect that is planned for the period's end; nothing is charged for it before.
	"""
	record = frappe.get_doc(DOCTYPE, contract)
	record.check_permission("read")
	with refusals_worded():
		outcome = changing.decided_change(
			contract_of(record),
			plan,
			_interval(interval),
			_moment(when),
			today_in(record.time_zone),
			site_ports(),
		)
	planned = outcome.contract.planned
	return {
		"on": planned.on.isoformat() if planned else None,
		"currency": record.currency,
		"total": f"{total(outcome.charges):f}",
		"lines": [shown_line(charge) for charge in outcome.charges],
	}


@frappe.whitelist(methods=["POST"])
def hold(contract: str) -> None:
	day_if_writable(contract)
	with refusals_worded():
		holding.hold(contract, site_ports())


@frappe.whitelist(methods=["POST"])
def release(contract: str) -> None:
	"""Lets a deletion go on, so it is for managers alone."""
	frappe.only_for(["Subscription Manager", "System Manager"])
	day_if_writable(contract)
	with refusals_worded():
		holding.release(contract, site_ports())


@frappe.whitelist(methods=["POST"])
def confirm_mode(instance: str) -> None:
	_check_run_by_hand(instance)
	manual_hosting.confirm_mode(instance)


@frappe.whitelist(methods=["POST"])
def confirm_final_backup(instance: str) -> None:
	_check_run_by_hand(instance)
	manual_hosting.confirm_final_backup(instance)


@frappe.whitelist(methods=["POST"])
def release_deletion(instance: str) -> None:
	"""Where the settings ask for two persons, each calls this once."""
	frappe.only_for(["Subscription Manager", "System Manager"])
	frappe.get_doc(manual_hosting.DOCTYPE, instance).check_permission("write")
	manual_hosting.release_deletion(instance)


def _check_run_by_hand(instance: str) -> None:
	"""What a machine does, only the machine confirms."""
	frappe.get_doc(manual_hosting.DOCTYPE, instance).check_permission("write")
	if not is_manual(instance):
		frappe.throw(_("{0} says itself how it is. Nobody confirms it by hand.").format(instance))


def _interval(label: str | None) -> Interval | None:
	return interval_named(label) if label else None


def _moment(when: str | None) -> str | None:
	if when and when not in (NOW, PERIOD_END):
		frappe.throw(_("Change it now or at period_end, not {0}.").format(when))
	return when or None
