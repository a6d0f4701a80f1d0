"""Where is the system of a new contract made? In the pool that its plan names, where most room is left."""

import frappe
from frappe import _
from pypika.functions import Count

from subscription_mgmt.adapters import operation_records
from subscription_mgmt.adapters.manual_hosting import DOCTYPE, add_task
from subscription_mgmt.adapters.providers import MANUAL
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import Kind
from subscription_mgmt.engine.placement import Server, least_loaded
from subscription_mgmt.engine.systems import checked_site


def place(instance: str, contract: Contract) -> None:
	"""Gives the instance a server and orders it to be made there. The contract starts in any case: what hinders becomes
	a task."""
	pool = frappe.db.get_value("Plan", contract.plan, "server_pool")
	if not pool:
		return
	# Held until the caller commits: of two contracts at once, the second counts the first.
	frappe.db.get_value("Hosting Pool", pool, "name", for_update=True)
	server = least_loaded(servers_of(pool))
	if server is None:
		add_task(
			instance,
			_("No server of {0} has room for {1}. Add one, or name a server there.").format(pool, instance),
		)
		return
	provider = frappe.db.get_value("Hosting Server", server.name, "provider")
	if provider != MANUAL:
		try:
			checked_site(instance)
		except DomainError:
			add_task(
				instance, _("{0} is no domain: no server can make it. Rename the instance.").format(instance)
			)
			return
	zone = frappe.db.get_value("Subscription Contract", contract.name, "time_zone")
	apps = frappe.db.get_value("Hosting Pool", pool, "apps")
	values = {"hosting_server": server.name, "provider": provider, "time_zone": zone, "apps": apps}
	frappe.db.set_value(DOCTYPE, instance, values)
	if provider != MANUAL:
		operation_records.order(instance, Kind.PROVISION)


def servers_of(pool: str) -> list[Server]:
	"""Those on which new systems may be made. A system counts until its data is gone."""
	rows = frappe.get_all("Hosting Server", {"pool": pool, "disabled": 0}, ["name", "capacity"])
	table = frappe.qb.DocType(DOCTYPE)
	counted = (
		frappe.qb.from_(table)
		.select(table.hosting_server, Count("*"))
		.where(table.hosting_server.isin([row.name for row in rows] or [""]))
		.where(table.actual_mode.isnull() | (table.actual_mode != Mode.DELETED.value))
		.groupby(table.hosting_server)
		.for_update()  # as it is now, not as it was when this transaction began
	).run()
	systems = dict(counted)
	return [Server(row.name, row.capacity or 0, systems.get(row.name, 0)) for row in rows]
