"""How are customers told of a maintenance window? One e-mail each, in their language and time zone."""

from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import format_datetime, now_datetime

from subscription_mgmt.adapters.availability_records import zones_of
from subscription_mgmt.adapters.email_notices import language_of, recipients_of, template_name
from subscription_mgmt.adapters.moments import moment_of

KIND = "maintenance"
MOST_NAMED = 3  # in a subject


def announce(windows: Sequence[Document]) -> list[str]:
	"""Tell each customer of his windows, all of the same times and reason. Customers whom nobody could tell.

	What was announced says when.
	"""
	by_customer: dict[str, list[Document]] = defaultdict(list)
	for window in windows:
		by_customer[window.customer].append(window)
	zones = zones_of([window.hosted_instance for window in windows])
	untold = []
	for customer, own in by_customer.items():
		recipients = recipients_of(customer)
		if not recipients:
			untold.append(customer)
			continue
		subject, message = _worded(customer, own, str(zones[own[0].hosted_instance]))
		frappe.sendmail(
			recipients=recipients,
			subject=subject,
			message=message,
			reference_doctype=own[0].doctype,
			reference_name=own[0].name,
		)
		for window in own:
			window.db_set("announced_at", now_datetime())
	return untold


def _worded(customer: str, windows: Sequence[Document], zone: str) -> tuple[str, str]:
	template = template_name(KIND, language_of(customer))
	names = sorted(window.hosted_instance for window in windows)
	context = {
		"customer": customer,
		"instances": ", ".join(names),
		"named": ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else ""),
		"starts_at": _local(windows[0].started_at, zone),
		"ends_at": _local(windows[0].ended_at, zone),
		"time_zone": zone,
		"reason": windows[0].reason or "",
		"is_cancelled": bool(windows[0].not_counted),
		"is_news": bool(windows[0].announced_at),
	}
	worded = frappe.get_doc("Email Template", template).get_formatted_email(context)
	return worded["subject"], worded["message"]


def _local(value: object, zone: str) -> str:
	moment = moment_of(value).astimezone(ZoneInfo(zone))
	return format_datetime(moment.replace(tzinfo=None), "yyyy-MM-dd HH:mm")
