"""Who is told when an operation was given up, and when is the task closed again?"""

import frappe
from frappe import _

from subscription_mgmt.adapters.manual_hosting import add_task
from subscription_mgmt.adapters.operation_records import DOCTYPE
from subscription_mgmt.engine.operations import Operation


def tell_operators(operation: Operation, problem: str) -> None:
	"""One open task per operation, for whoever runs the systems."""
	failed = _("{0} of {1} failed").format(_(operation.kind.value), operation.instance)
	mend = _("Mend it, then open the operation and press Try Again.")
	add_task(operation.instance, f"{failed}: {problem} {mend}", DOCTYPE, operation.name)
	frappe.get_doc(DOCTYPE, operation.name).run_notifications("given_up")


def told(operation: Operation) -> None:
	"""It was done after all."""
	open_tasks = {"reference_type": DOCTYPE, "reference_name": operation.name, "status": "Open"}
	frappe.db.set_value("ToDo", open_tasks, "status", "Closed")
