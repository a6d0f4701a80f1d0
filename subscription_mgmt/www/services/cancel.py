"""What cancelling a contract means, before it is done."""

from frappe import _lt

from subscription_mgmt.api.portal.contract import cancel_page
from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Cancel contract"), place="")
def get_context(context: dict, visit: Visit) -> None:
	context.update(cancel_page(asked("name")))
