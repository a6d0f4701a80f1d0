"""Order a plan: as a visitor, who signs up, or as a customer, for another contract."""

import frappe
from frappe import _lt

from subscription_mgmt.adapters.portal_members import roles_of
from subscription_mgmt.api.portal.guard import visit
from subscription_mgmt.api.portal.pages import asked, public_page
from subscription_mgmt.api.portal.prices import chosen_plan
from subscription_mgmt.engine.portal_roles import Verb

no_cache = 1


@public_page(_lt("Order"))
def get_context(context: dict) -> None:
	user = frappe.session.user
	is_customer = user != "Guest" and bool(roles_of(user))
	context.update(
		{
			"chosen": chosen_plan(asked("plan"), asked("interval")),
			"buyer": visit(Verb.BUY).customer if is_customer else None,
			"countries": []
			if is_customer
			else frappe.get_all("Country", pluck="name", order_by="name", limit=0),
		}
	)
