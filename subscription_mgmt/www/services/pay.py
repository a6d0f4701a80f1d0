"""How one invoice is paid: online, or by bank transfer."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.invoices import pay_page
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Pay an invoice"), place="invoices")
def get_context(context: dict, visit: Visit) -> None:
	context.update(pay_page(asked("invoice")))
