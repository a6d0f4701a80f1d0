"""Another plan or interval for a contract, with the lines it would create before it is ordered."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.orders import change_page
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Change plan"), place="")
def get_context(context: dict, visit: Visit) -> None:
	context.update(change_page(asked("name"), asked("plan"), asked("interval")))
