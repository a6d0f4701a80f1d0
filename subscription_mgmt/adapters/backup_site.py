"""Which adapters do backups use on a site? Its own records, and the providers and stores that these name."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import frappe

from subscription_mgmt.adapters.activity_records import append
from subscription_mgmt.adapters.backup_alerts import BackupAlerts
from subscription_mgmt.adapters.backup_keys import BackupKeys
from subscription_mgmt.adapters.backup_records import BackupRecords
from subscription_mgmt.adapters.backup_stores import BackupStores
from subscription_mgmt.adapters.backup_terms import kept_until_of, terms_of
from subscription_mgmt.adapters.providers import provider_of
from subscription_mgmt.adapters.restore_records import RestoreRecords
from subscription_mgmt.engine.activity import what_was_noted
from subscription_mgmt.engine.contracts import Status
from subscription_mgmt.engine.systems import System
from subscription_mgmt.services.backup_ports import BackupPorts, BackupTerms
from subscription_mgmt.services.hosting_ports import Provider

NOTHING: Mapping[str, tuple[Provider, System]] = MappingProxyType({})


class SiteSystems:
	"""Implements `backup_ports.Systems`. `given`: who runs the system of the operation that is performed."""

	def __init__(self, given: Mapping[str, tuple[Provider, System]]) -> None:
		self._given = given

	def at(self, instance: str) -> tuple[Provider, System]:
		return self._given.get(instance) or provider_of(instance)

	def terms(self, instance: str) -> BackupTerms | None:
		return terms_of([instance]).get(instance)

	def kept_until(self, instance: str) -> datetime | None:
		return kept_until_of(instance)


class ContractHistories:
	"""Implements `backup_ports.Archive` on Subscription Activity."""

	def note(self, instance: str, code: str, **figures: object) -> None:
		filters = {"instance": instance, "status": ["!=", Status.DRAFT.value]}
		for contract in frappe.get_all("Subscription Contract", filters, pluck="name", order_by="name"):
			append(contract, what_was_noted(code, {"instance": instance, **figures}))


def backup_ports(given: Mapping[str, tuple[Provider, System]] = NOTHING) -> BackupPorts:
	return BackupPorts(
		backups=BackupRecords(),
		restores=RestoreRecords(),
		systems=SiteSystems(given),
		stores=BackupStores(),
		keys=BackupKeys(),
		alerts=BackupAlerts(),
		history=ContractHistories(),
	)
