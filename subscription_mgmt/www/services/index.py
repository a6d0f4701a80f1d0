"""The first page of the portal: contracts, and what needs the customer."""

from frappe import _lt
from frappe.utils import cint

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.overview import overview
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Services"), place="")
def get_context(context: dict, visit: Visit) -> None:
	context.update(overview(visit.customer, max(0, cint(asked("page")))))
