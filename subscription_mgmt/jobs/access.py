"""Whose credentials are erased because their time is up, and who is to remove his temporary user?"""

from collections.abc import Callable, Sequence

import frappe

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.grant_records import expired_grants, grants_to_remind_of
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.engine.access_grants import Erasure
from subscription_mgmt.services.erase_access import erase_access
from subscription_mgmt.services.remind_removal import remind_removal


def expire() -> int:
	"""Every five minutes. How many were erased."""
	now = moment()

	def erase(name: str) -> None:
		erase_access(name, Erasure.EXPIRED, now, support_ports())

	return _each(expired_grants(now), erase, "Credentials {0} were not erased")


def remind() -> int:
	"""Every five minutes, after the erasure and apart from it. How many customers were told."""
	now = moment()

	def tell(name: str) -> None:
		remind_removal(name, now, support_ports())

	return _each(grants_to_remind_of(now), tell, "Nobody was reminded of {0}")


def _each(names: Sequence[str], act: Callable[[str], None], failure: str) -> int:
	"""Each grant on its own: what fails is logged and tried again."""
	count = 0
	for name in names:
		try:
			act(name)
			count += 1
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=failure.format(name))
		frappe.db.commit()
	return count
