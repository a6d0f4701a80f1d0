"""How is a customer told? By e-mail, in his language, from templates that a vendor edits in Desk."""

from decimal import Decimal

import frappe
from frappe.utils import fmt_money, formatdate

from subscription_mgmt.adapters.activity_records import ActivityRecords
from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.engine.contracts import Contract

LANGUAGES = ("en", "es", "fr")


class EmailNotices:
	"""Implements `ports.Notices`. The contract's history names the queued e-mail: the evidence."""

	def send(self, contract: Contract, kind: str, **figures: object) -> None:
		recipients = recipients_of(contract.customer)
		if not recipients:
			ActivityRecords().noticed(contract, kind, **figures)
			return
		subject, message = _worded(contract, kind, figures)
		queued = frappe.sendmail(
			recipients=recipients,
			subject=subject,
			message=message,
			reference_doctype=DOCTYPE,
			reference_name=contract.name,
		)
		told = {"recipient": ", ".join(recipients), "email_queue": getattr(queued, "name", None)}
		ActivityRecords().noticed(contract, kind, **told, **figures)

	def were_delivered(self, contract: Contract, kind: str) -> bool:
		"""False when an e-mail about the contract failed, or when there is nobody to write to."""
		about = {"reference_doctype": DOCTYPE, "reference_name": contract.name}
		failed = frappe.db.exists("Email Queue", {**about, "status": ["in", ["Error", "Partially Sent"]]})
		return not failed and bool(recipients_of(contract.customer))


def language_of(customer: str) -> str:
	"""The customer's own where the app speaks it, else English."""
	language = (frappe.get_cached_value("Customer", customer, "language") or "en")[:2]
	return language if language in LANGUAGES else "en"


def recipients_of(customer: str) -> list[str]:
	"""The customer's own address, else those of his portal users."""
	address = frappe.get_cached_value("Customer", customer, "email_id")
	if address:
		return [address]
	return frappe.get_all("Portal User", {"parent": customer, "parenttype": "Customer"}, pluck="user")


def _plain(figure: object) -> str:
	"""4, not 4.000000000."""
	return f"{figure.normalize():f}" if isinstance(figure, Decimal) else ""


def template_name(kind: str, language: str) -> str:
	return f"Subscription {kind.title()} ({language})"


def _worded(contract: Contract, kind: str, figures: dict[str, object]) -> tuple[str, str]:
	template = template_name(kind, language_of(contract.customer))
	context = {
		"contract": contract.name,
		"customer": contract.customer,
		"plan": contract.plan,
		"instance": contract.instance or "",
		"days": figures.get("days"),
		"metric": figures.get("metric"),
		"module": figures.get("module"),
		"used": _plain(figures.get("used")),
		"quota": _plain(figures.get("quota")),
		"price": fmt_money(figures["price"], currency=contract.currency) if figures.get("price") else None,
		"renews_on": formatdate(figures["renews_on"]) if figures.get("renews_on") else None,
	}
	worded = frappe.get_doc("Email Template", template).get_formatted_email(context)
	return worded["subject"], worded["message"]
