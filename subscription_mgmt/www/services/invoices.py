"""All invoices of a customer."""

from frappe import _lt
from frappe.utils import cint

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.invoices import invoices_page
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Invoices"), place="invoices")
def get_context(context: dict, visit: Visit) -> None:
	context.update(invoices_page(visit, max(0, cint(asked("page")))))
