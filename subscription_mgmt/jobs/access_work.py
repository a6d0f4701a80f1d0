"""How is a system made, and how far its people may use it changed?"""

import frappe

from subscription_mgmt.adapters import site_hosting
from subscription_mgmt.adapters.access_words import access_of
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.hosting_ports import Work


def provision(work: Work) -> str:
	site_hosting.make_administrator_password(work.operation.instance)
	frappe.db.commit()
	work.provider.provision(work.system)
	version = work.provider.version(work.system)
	site_hosting.note_version(work.operation.instance, version)
	return version


def set_access(work: Work) -> str:
	"""The mode that is wanted now, whatever was ordered: the newest order wins."""
	instance = work.operation.instance
	mode = site_hosting.wanted_mode(instance)
	if mode is None or mode is not work.operation.mode:
		raise DomainError("operation_outdated", system=instance)
	work.provider.set_access(work.system, access_of(instance, mode))
	found = work.provider.access(work.system)
	site_hosting.note_mode(instance, found)
	frappe.db.commit()
	if found is not mode:
		raise DomainError("mode_not_in_force", system=instance, mode=mode.value)
	return mode.value
