"""In which words does a customer read what the portal shows?"""

from decimal import Decimal

from frappe import _
from frappe.utils import formatdate

from subscription_mgmt.engine.portal_alerts import Alert
from subscription_mgmt.engine.portal_roles import PortalRole

# Colours of Bootstrap for a status or a mode.
COLOURS = {
	"Trialling": "info",
	"Active": "success",
	"Past Due": "warning",
	"Suspended": "danger",
	"Full": "success",
	"Read Only": "warning",
	"Restricted": "danger",
	"Deleted": "dark",
	"Issued": "success",
	"Revoked": "danger",
	"Open": "info",
	"In Progress": "info",
	"Waiting": "warning",
	"Waiting for Credits": "warning",
	"Resolved": "success",
	"Proposed": "warning",
	"Good": "success",
	"Suspicious": "warning",
	"Failed": "danger",
	"Missed": "danger",
	"Requested": "warning",
	"Kept": "success",
	"Broken": "danger",
	"Booked": "info",
	"Done": "success",
	"No Show": "danger",
}


def badge(value: str) -> dict:
	return {"label": _(value), "colour": COLOURS.get(value, "secondary")}


def role_label(role: PortalRole) -> str:
	return {
		PortalRole.OWNER: _("Owner"),
		PortalRole.BILLING: _("Billing"),
		PortalRole.TECHNICAL: _("Technical"),
		PortalRole.VIEWER: _("Viewer"),
	}[role]


def metric_label(metric: str) -> str:
	known = {
		"users": _("Users"),
		"emails": _("E-mails"),
		"companies": _("Companies"),
		"storage": _("Storage"),
	}
	return known.get(metric) or _(metric)


def plain(number: Decimal | int) -> str:
	"""4, not 4.000000000."""
	return f"{Decimal(number).normalize():f}"


def alert_sentence(alert: Alert) -> str:
	figures = {key: _figure(value) for key, value in alert.figures.items()}
	if "metric" in figures:
		module = alert.figures["module"]
		metric = metric_label(str(alert.figures["metric"]))
		figures["metric"] = f"{metric} ({module})" if module else metric
	sentences = {
		"deleted": _("The data was deleted on {day}."),
		"deletion": _(
			"From {day} on the data may be deleted. Pay, or go over to a read-only plan, to keep it."
		),
		"suspended": _("Suspended: pay what is open and your access comes back at once."),
		"restricted": _("Access is restricted."),
		"unpaid": _("An invoice has been due since {since}. Pay it to keep your access."),
		"ends": _("Ends on {day} and does not renew."),
		"quota_100": _("{metric}: {used} of {allowed} used."),
		"quota_80": _("{metric}: {used} of {allowed} used. Think about another pack or plan."),
	}
	return sentences[alert.code].format(**figures)


def _figure(value: object) -> str:
	if isinstance(value, Decimal):
		return plain(value)
	return formatdate(value) if value and not isinstance(value, str) else str(value or "")
