"""The users of a contract's system, with the modules that each of them may use."""

import frappe
from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page
from subscription_mgmt.api.portal.users import users_page

no_cache = 1


@portal_page(_lt("Users and rights"), place="")
def get_context(context: dict, visit: Visit) -> None:
	modules = frappe.request.args.getlist("modules")
	context.update(users_page(asked("name"), asked("user"), asked("full_name"), modules))
