"""One contract: what is agreed, used and owed, and what can be done with it."""

from frappe import _lt

from subscription_mgmt.api.portal.contract import contract_page
from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Contract"), place="")
def get_context(context: dict, visit: Visit) -> None:
	context.update(contract_page(asked("name")))
