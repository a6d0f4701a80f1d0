"""What does a customer's form link to?"""

from frappe import _


def dashboard(data: dict) -> dict:
	data["transactions"].append(
		{
			"label": _("Services"),
			"items": ["Subscription Contract", "Licence", "Contract Charge", "SLA Ticket", "Support Credit"],
		}
	)
	return data
