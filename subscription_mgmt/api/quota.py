"""How far are a contract's quotas used, what will the running month come to, and what is behind an invoice's usage?"""

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.charge_records import charge_of
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.usage_packs import pack_for
from subscription_mgmt.api.usage import shown
from subscription_mgmt.engine.catalogue import Excess
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.outlook import Outlook
from subscription_mgmt.engine.overage import Overage, month_of
from subscription_mgmt.permissions import DESK_ROLES
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.explain_usage import explain_charges, outlook

WAS_USED = ("Trialling", "Active", "Past Due", "Suspended")


@frappe.whitelist(methods=["GET"])
def of_contract(contract: str) -> dict:
	"""`{"from", "until", "currency", "quotas": [{"metric", "module", "used", "quota", "share", "blocks", "price",
	"over", "amount", "expected_over", "expected_amount", "pack"}]}`; amounts as text, `pack` the one that would hold
	what is over. No quotas for a draft or a contract that is over."""
	record = frappe.get_doc(DOCTYPE, contract)
	record.check_permission("read")
	if record.status not in WAS_USED:
		return {"quotas": []}
	today, ports = today_in(record.time_zone), site_ports()
	with refusals_worded():
		figures = outlook(contract, today, ports)
		month = month_of(ports.contracts.get(contract), today)
	return {
		"from": month.start,
		"until": month.end,
		"currency": record.currency,
		"quotas": [_quota(each) for each in figures],
	}


@frappe.whitelist(methods=["GET"])
def of_invoice(invoice: str) -> list[dict]:
	"""The explanation of each line of an invoice that bills usage, day by day; none where there is no such line."""
	record = frappe.get_doc("Sales Invoice", invoice)
	record.check_permission("read")
	with refusals_worded():
		return [shown(figure) for _charge, figure in explained_on(record)]


def explained_on(invoice: Document) -> list[tuple[Charge, Overage]]:
	"""The usage charges of an invoice, in the order of its lines, with their days. Asks for no permission."""
	names = [line.contract_charge for line in invoice.items if line.get("contract_charge")]
	rows = frappe.get_all(
		"Contract Charge", {"name": ["in", names], "basis": ["is", "set"]}, ["*"], order_by=None, limit=0
	)
	by_name = {row.name: row for row in rows}
	return explain_charges([charge_of(by_name[name]) for name in names if name in by_name], site_ports())


def _quota(each: Outlook) -> dict:
	blocks = each.excess is Excess.BLOCK
	missing = max(each.over, each.used - each.allowed)
	return {
		"metric": each.metric,
		"module": each.module,
		"used": float(each.used),
		"quota": float(each.allowed),
		"share": float(each.share),
		"blocks": blocks,
		"price": None if each.price is None else str(each.price),
		"over": float(each.over),
		"amount": str(each.amount),
		"expected_over": float(each.expected_over),
		"expected_amount": str(each.expected_amount),
		"pack": pack_for(each.metric, missing, bool(each.module), DESK_ROLES.isdisjoint(frappe.get_roles()))
		if missing > ZERO
		else None,
	}
