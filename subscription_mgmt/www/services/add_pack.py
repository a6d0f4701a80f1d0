"""More for a contract: packs, with the lines they would create before they are ordered."""

from frappe import _lt
from frappe.utils import cint

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.orders import packs_page
from subscription_mgmt.api.portal.pages import asked, portal_page

no_cache = 1


@portal_page(_lt("Add packs"), place="")
def get_context(context: dict, visit: Visit) -> None:
	quantity = cint(asked("quantity")) or 1
	context.update(packs_page(asked("name"), asked("pack"), quantity, asked("module")))
