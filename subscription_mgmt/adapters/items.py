"""Which ERPNext Item is sold when a plan or pack is invoiced, or a topic quoted?"""

import frappe
from frappe import _
from frappe.model.document import Document


def make_item_if_empty(record: Document) -> None:
	"""Give a Plan, Pack or Support Topic its Item: a service item of its own name, made unless there is one."""
	if record.item:
		return
	code = record.get("plan_name") or record.get("pack_name") or record.name
	if frappe.db.exists("Item", code):
		_check_is_service(code)
	else:
		_make_item(code, record)
	record.item = code


def _check_is_service(code: str) -> None:
	if frappe.db.get_value("Item", code, "is_stock_item"):
		frappe.throw(
			_("Item {0} is kept in stock and cannot be what this sells. Choose another item.").format(code)
		)


def _make_item(code: str, record: Document) -> None:
	frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": code,
			"item_name": code,
			"description": record.get("description") or code,
			"item_group": _item_group(),
			"stock_uom": "Nos",
			"is_stock_item": 0,
			"is_sales_item": 1,
			"is_purchase_item": 0,
			"include_item_in_manufacturing": 0,
		}
	).insert(ignore_permissions=True)


def _item_group() -> str:
	group = frappe.get_cached_doc("Subscription Mgmt Settings").item_group
	return group or frappe.db.get_default("item_group") or _root_item_group()


def _root_item_group() -> str:
	"""Services, as ERPNext's setup names it, else the root of the tree."""
	if frappe.db.exists("Item Group", "Services"):
		return "Services"
	return frappe.db.get_value("Item Group", {"parent_item_group": ["in", ["", None]]})
