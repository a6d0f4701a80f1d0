"""A customer's support credits: the balance, the statement, and more of them."""

from frappe import _lt

from subscription_mgmt.api.portal.credits import credits_page
from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import portal_page

no_cache = 1


@portal_page(_lt("Support credits"), place="support")
def get_context(context: dict, visit: Visit) -> None:
	context.update(credits_page(visit))
