"""What does a customer see of a contract, and which of its terms may he change himself?"""

from collections.abc import Sequence
from datetime import date, datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from subscription_mgmt.adapters.contract_records import contract_of
from subscription_mgmt.adapters.portal_contracts import Bill, billing_usage, bills_of, modes_of, standings_of
from subscription_mgmt.adapters.portal_members import members_of
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.activity import entries
from subscription_mgmt.api.portal.guard import Visit, contract_visited
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.api.portal.words import alert_sentence, badge, metric_label, plain
from subscription_mgmt.engine.activity import Channel
from subscription_mgmt.engine.catalogue import Excess, Pack, PackKind, Plan
from subscription_mgmt.engine.charges import total
from subscription_mgmt.engine.contracts import OVER, Contract, Status
from subscription_mgmt.engine.ending import earliest_end
from subscription_mgmt.engine.portal_alerts import alerts, deletion_day
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.engine.quota_use import Use, uses
from subscription_mgmt.engine.quotas import METRICS
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import cancel as cancelling
from subscription_mgmt.services import remove_pack as removing
from subscription_mgmt.services import set_renewal as renewing
from subscription_mgmt.services.applying import gather
from subscription_mgmt.services.next_invoice import next_invoice

LATEST = 10


def contract_page(name: str | None) -> dict:
	"""Everything on the page of one contract."""
	visit, record, today = contract_visited(Verb.SEE, name)
	ports, contract = site_ports(), contract_of(record)
	plan, packs = gather(contract, ports)
	used = uses(contract, plan, packs, standings_of([(contract, today)]).get(contract.name, {}), today)
	policy = ports.catalogue.dunning(plan.dunning) if plan.dunning else None
	upcoming = None if contract.status in OVER else next_invoice(contract, today, ports)
	bills = bills_of(contract.customer, LATEST + 1, subscription_contract=contract.name)
	return {
		"visit": visit,
		"heading": contract.plan,
		"contract": _facts(contract, record),
		"plan": {"modules": plan.modules, "functions": plan.functions},
		"packs": _packs(contract, packs, today),
		"quotas": [_quota(use) for use in used],
		"has_users": any(quota.metric == METRICS[PackKind.USERS] for quota in plan.quotas),
		"alerts": [alert_sentence(alert) for alert in alerts(contract, policy, used, today)],
		"deletion_on": deletion_day(contract, policy, today),
		"next": {"on": upcoming[0], "total": total(upcoming[1])} if upcoming else None,
		"bills": bills[:LATEST],
		"explained": billing_usage(bill.name for bill in bills),
		"unpaid": _oldest_unpaid(bills, today),
		"more_bills": len(bills) > LATEST,
		"history": [_with_time(entry) for entry in entries(record, 0, 5)],
		"actions": _actions(visit, contract),
	}


def _oldest_unpaid(bills: Sequence[Bill], today: date) -> Bill | None:
	"""The one to pay first, once it is due."""
	due = [bill for bill in bills if bill.open > 0 and bill.due_on is not None and bill.due_on <= today]
	return min(due, key=lambda bill: bill.due_on, default=None)


def _facts(contract: Contract, record: Document) -> dict:
	mode = modes_of([contract.instance]).get(contract.instance or "")
	return {
		"name": contract.name,
		"status": badge(contract.status.value),
		"mode": badge(mode) if mode else None,
		"is_read_only": mode == "Read Only",
		"instance": contract.instance,
		"interval": contract.interval.value,
		"currency": contract.currency,
		"start": contract.start,
		"trial_until": contract.trial_until if contract.status is Status.TRIALLING else None,
		"commitment_until": contract.commitment_until,
		"auto_renew": contract.auto_renew,
		"ends_on": contract.ends_on,
		"is_over": contract.status in OVER,
		"is_draft": contract.status is Status.DRAFT,
		"is_suspended": contract.status is Status.SUSPENDED,
		"planned": contract.planned,
	}


def _packs(contract: Contract, packs: dict[str, Pack], today: date) -> list[dict]:
	"""What runs now or will; one-off packs are on their invoice."""
	return [
		{
			"pack": line.pack,
			"quantity": line.quantity,
			"module": line.module,
			"ends_on": line.ends_on,
		}
		for line in contract.packs
		if not packs[line.pack].one_off and (line.ends_on is None or line.ends_on > today)
	]


def _quota(use: Use) -> dict:
	label = metric_label(use.metric)
	billed = use.excess is Excess.BILL
	return {
		"id": "quota-" + frappe.scrub(f"{use.metric} {use.module or ''}").strip("_"),
		"label": f"{label} · {use.module}" if use.module else label,
		"used": plain(use.used),
		"allowed": plain(use.allowed),
		"percent": use.percent,
		"nearly": use.is_nearly_used,
		"exceeded": use.is_exceeded,
		"note": _("What exceeds it is billed with the month.") if billed and use.is_exceeded else "",
	}


def _actions(visit: Visit, contract: Contract) -> dict:
	"""What is offered. The services refuse on their own what is not possible; this only spares a vain click."""
	runs = contract.status not in (*OVER, Status.DRAFT)
	deleted = contract.data_deleted_on is not None
	return {
		"pay": visit.may(Verb.PAY),
		"change_plan": visit.may(Verb.CHANGE_PLAN) and contract.status is not Status.DRAFT and not deleted,
		"add_pack": visit.may(Verb.BUY) and runs and contract.status is not Status.SUSPENDED,
		"set_renewal": visit.may(Verb.SET_RENEWAL) and runs,
		"cancel": visit.may(Verb.CANCEL) and runs and contract.auto_renew,
	}


def cancel_page(name: str | None) -> dict:
	"""What cancelling means, before it is done."""
	visit, record, today = contract_visited(Verb.CANCEL, name)
	ports, contract = site_ports(), contract_of(record)
	if contract.status in (*OVER, Status.DRAFT):
		frappe.throw(_("There is nothing to cancel."), frappe.DoesNotExistError)
	plan: Plan = ports.catalogue.plan(contract.plan)
	end = min(earliest_end(contract, today), contract.ends_on or date.max)
	policy = ports.catalogue.dunning(plan.dunning) if plan.dunning else None
	return {
		"visit": visit,
		"contract": _facts(contract, record),
		"ends_on": end,
		"is_committed": contract.commitment_until is not None and today < contract.commitment_until,
		"delete_after": policy.delete_after_restriction_days if policy else None,
		"url": link("contract", name=contract.name),
	}


def history_page(name: str | None, before: int) -> dict:
	visit, record, _today = contract_visited(Verb.SEE, name)
	listed = _with_names(record, before)
	return {
		"visit": visit,
		"contract": record.name,
		"entries": listed,
		"older": listed[-1]["number"] if listed and listed[-1]["number"] > 1 else None,
		"url": link("contract", name=record.name),
	}


def _with_names(contract: Document, before: int) -> list[dict]:
	"""What a customer reads of the history: his own people by name, everybody else as who they are to him."""
	own = {member.user: member.full_name for member in members_of(contract.customer)}
	strangers = {Channel.JOB.value: _("Automatic")}
	return [
		{**_with_time(entry), "by": own.get(entry["who"]) or strangers.get(entry["channel"], _("Our team"))}
		for entry in entries(contract, before, 50)
	]


def _with_time(entry: dict) -> dict:
	return {**entry, "at": datetime.fromisoformat(entry["at"]).replace(tzinfo=None)}


@frappe.whitelist(methods=["POST"])
def set_renewal(contract: str, renew: bool | int | str) -> None:
	_visit, record, today = contract_visited(Verb.SET_RENEWAL, contract)
	with refusals_worded():
		renewing.set_renewal(record.name, bool(cint(renew)), today, site_ports())


@frappe.whitelist(methods=["POST"])
def cancel(contract: str) -> None:
	"""For the end of what is paid for, or of the commitment: `cancel_page` said which day that is."""
	_visit, record, today = contract_visited(Verb.CANCEL, contract)
	with refusals_worded():
		cancelling.cancel_at_period_end(record.name, today, site_ports())


@frappe.whitelist(methods=["POST"])
def remove_pack(contract: str, pack: str, module: str | None = None) -> None:
	"""All of it, at the end of the period that is paid for."""
	_visit, record, today = contract_visited(Verb.BUY, contract)
	with refusals_worded():
		removing.remove_pack(record.name, pack, None, module or None, today, site_ports())
