"""Where does a customer land after logging in? In the portal, unless the site has a home page of its own."""

import frappe

from subscription_mgmt.permissions import is_desk_user


def home_page(user: str) -> str | None:
	"""For Frappe's hook `get_website_user_home_page`; None leaves it to whatever comes next."""
	if user == "Guest" or is_desk_user(user) or "Customer" not in frappe.get_roles(user):
		return None
	if frappe.get_cached_value("User", user, "user_type") != "Website User":
		return None
	return None if frappe.get_website_settings("home_page") else "services"
