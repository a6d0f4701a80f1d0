"""Who runs the system of an instance, and what does he need to know of it?"""

from collections.abc import Callable

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.manual_provider import ManualProvider
from subscription_mgmt.adapters.server_records import apps_of, provider_on
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import System, checked_site
from subscription_mgmt.services.hosting_ports import Provider

INSTANCE = "Hosted Instance"
MANUAL = "Manual"


def provider_of(
	instance: str, order: str = "", tell: Callable[[str], None] = lambda said: None
) -> tuple[Provider, System]:
	"""`order`: the name of the operation for which it is asked. Raises DomainError `unknown_instance`, and
	`site_name_refused` for a machine that would be told a name that is none."""
	if not frappe.db.exists(INSTANCE, instance):
		raise DomainError("unknown_instance", instance=instance)
	record = frappe.get_doc(INSTANCE, instance)
	if not record.hosting_server:
		return ManualProvider(), System(record.name, "")
	server = frappe.get_cached_doc("Hosting Server", record.hosting_server)
	provider = provider_on(server, lambda: administrator_password(record), order, tell)
	return provider, system_of(record, server)


def system_of(record: Document, server: Document, site: str | None = None) -> System:
	"""`site`: another than the instance's own, made like it: for a drill."""
	return System(checked_site(site or record.name), server.name, apps_of(record.apps))


def is_manual(instance: str) -> bool:
	"""Whether persons run it, by tasks."""
	return (frappe.db.get_value(INSTANCE, instance, "provider") or MANUAL) == MANUAL


def administrator_password(record: Document) -> str:
	return record.get_password("administrator_password", raise_exception=False) or ""
