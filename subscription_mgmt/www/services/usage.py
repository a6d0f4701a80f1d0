"""The usage behind an invoice, or of the running month, day by day; and what that month will come to."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page
from subscription_mgmt.api.portal.usage import usage_page

no_cache = 1


@portal_page(_lt("Usage"), place="")
def get_context(context: dict, visit: Visit) -> None:
	context.update(usage_page(asked("name"), asked("invoice")))
