"""A customer's licences: key, download, and where each of them runs."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.licences import licences_page
from subscription_mgmt.api.portal.pages import portal_page

no_cache = 1


@portal_page(_lt("Licences"), place="licences")
def get_context(context: dict, visit: Visit) -> None:
	context.update(licences_page(visit))
