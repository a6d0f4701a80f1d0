"""A customer's systems: how far they could be reached, their backups, and what may be asked for."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import portal_page
from subscription_mgmt.api.portal.systems import backups_page

no_cache = 1


@portal_page(_lt("Systems and backups"), place="backups")
def get_context(context: dict, visit: Visit) -> None:
	context.update(backups_page(visit))
