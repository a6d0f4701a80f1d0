"""A customer's tickets, and the way to a new one."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page
from subscription_mgmt.api.portal.support import page_asked, support_page

no_cache = 1


@portal_page(_lt("Support"), place="support")
def get_context(context: dict, visit: Visit) -> None:
	context.update(support_page(visit, page_asked(asked("page")), asked("show") == "all"))
