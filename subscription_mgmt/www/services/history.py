"""What happened to a contract, with the day of each operation."""

from frappe import _lt
from frappe.utils import cint

from subscription_mgmt.api.portal.contract import history_page
from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Activity history"), place="")
def get_context(context: dict, visit: Visit) -> None:
	context.update(history_page(asked("name"), max(0, cint(asked("before")))))
