"""By which channel does whoever is acting come: Desk, Portal, API, Job or Import?"""

import frappe

from subscription_mgmt.engine.activity import Channel


def channel() -> Channel:
	if frappe.flags.in_import:
		return Channel.IMPORT
	if not getattr(frappe.local, "request", None):
		return Channel.JOB
	if _came_without_login():
		return Channel.API
	return Channel.PORTAL if _is_website_user() else Channel.DESK


def _came_without_login() -> bool:
	"""Authenticated by key, token or a webhook's own check: Frappe then names the session after the user.

	A header proves nothing: a browser may send one beside its cookie.
	"""
	session = frappe.session
	return session.user != "Guest" and session.sid == session.user


def _is_website_user() -> bool:
	return frappe.get_cached_value("User", frappe.session.user, "user_type") != "System User"
