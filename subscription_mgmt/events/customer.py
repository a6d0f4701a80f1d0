"""What does a customer's form link to, and which role do his portal users get?"""

from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.portal_members import complete_roles


def dashboard(data: dict) -> dict:
	data["transactions"].append(
		{
			"label": _("Services"),
			"items": [
				*("Subscription Contract", "Licence", "Contract Charge", "SLA Ticket", "Support Credit"),
				*("Access Grant", "Training Session"),
			],
		}
	)
	return data


def give_portal_roles(doc: Document, method: str | None = None) -> None:
	complete_roles(doc)
