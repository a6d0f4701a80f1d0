"""Who changes a customer's access when no machine does? An operator, by a task that he confirms.

Wanted and actual mode are two fields: what was ordered counts as done only when it was confirmed.
"""

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.contracts import Contract

DOCTYPE = "Hosted Instance"
OPERATORS = "Subscription Manager"


class ManualHosting:
	"""Implements `ports.Hosting` on Hosted Instance and ToDo."""

	def mode(self, instance: str) -> Mode | None:
		wanted = frappe.db.get_value(DOCTYPE, instance, "wanted_mode")
		return Mode(wanted) if wanted else None

	def order(self, contract: Contract, mode: Mode) -> None:
		instance = instance_of(contract)
		order = {"wanted_mode": mode.value, "ordered_at": now_datetime()}
		frappe.db.set_value(DOCTYPE, instance, {**order, "released_by": None, "second_released_by": None})
		add_task(
			instance, _("Set the access of {0} to {1}, then confirm it.").format(instance, _(mode.value))
		)

	def is_in_force(self, instance: str, mode: Mode) -> bool:
		return frappe.db.get_value(DOCTYPE, instance, "actual_mode") == mode.value

	def has_final_backup(self, contract: Contract) -> bool:
		assert contract.restriction is not None
		taken = frappe.db.get_value(DOCTYPE, contract.instance, "final_backup_on")
		if taken and getdate(taken) >= contract.restriction.since:
			return True
		add_task(
			instance_of(contract),
			_("Take a final backup of {0}, verify it, then confirm it.").format(contract.instance),
		)
		return False

	def is_released(self, contract: Contract) -> bool:
		if not frappe.get_cached_doc("Subscription Mgmt Settings").two_person_release:
			return True
		released = ["released_by", "second_released_by"]
		first, second = frappe.db.get_value(DOCTYPE, contract.instance, released)
		return bool(first and second and first != second)

	def delete(self, contract: Contract) -> None:
		self.order(contract, Mode.DELETED)


def confirm_mode(instance: str) -> None:
	"""An operator says that the wanted mode is in force."""
	wanted = frappe.db.get_value(DOCTYPE, instance, "wanted_mode")
	frappe.db.set_value(DOCTYPE, instance, {"actual_mode": wanted, "confirmed_at": now_datetime()})
	_close_tasks(instance)


def confirm_final_backup(instance: str) -> None:
	"""An operator says that he took and verified a backup today."""
	frappe.db.set_value(DOCTYPE, instance, "final_backup_on", getdate())
	_close_tasks(instance)


def release_deletion(instance: str) -> None:
	"""One of two different persons agrees that the data may be deleted."""
	first = frappe.db.get_value(DOCTYPE, instance, "released_by")
	if first == frappe.session.user:
		frappe.throw(_("You released it already. A second person has to release it too."))
	field = "second_released_by" if first else "released_by"
	frappe.db.set_value(DOCTYPE, instance, field, frappe.session.user)


def instance_of(contract: Contract) -> str:
	if not frappe.db.exists(DOCTYPE, contract.instance):
		frappe.get_doc(
			{"doctype": DOCTYPE, "instance_name": contract.instance, "customer": contract.customer}
		).insert(ignore_permissions=True)
	return str(contract.instance)


def add_task(instance: str, text: str, doctype: str = DOCTYPE, name: str | None = None) -> None:
	"""One open task per text, about the instance or about another record of it."""
	about = {"reference_type": doctype, "reference_name": name or instance}
	task = {**about, "description": text, "status": "Open"}
	if not frappe.db.exists("ToDo", task):
		frappe.get_doc({"doctype": "ToDo", "role": OPERATORS, "priority": "High", **task}).insert(
			ignore_permissions=True
		)


def _close_tasks(instance: str) -> None:
	open_tasks = {"reference_type": DOCTYPE, "reference_name": instance, "status": "Open"}
	frappe.db.set_value("ToDo", open_tasks, "status", "Closed")
