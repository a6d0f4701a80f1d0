"""Who uses a contract's system, in which modules, and what would another user cost?"""

import json

import frappe

from subscription_mgmt.api import users
from subscription_mgmt.api.portal.guard import contract_visited
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.engine.portal_roles import Verb


def users_page(name: str | None, user: str, full_name: str, modules: list[str]) -> dict:
	"""Those who are registered; with `user`, what it would come to if he were one of them."""
	visit, record, _today = contract_visited(Verb.SEE, name)
	listed = users.listed(record.name)
	page = {
		"visit": visit,
		"contract": record.name,
		"plan": record.plan,
		"url": link("contract", name=record.name),
		"packs_url": link("add-pack", name=record.name),
		"users": listed["users"],
		"modules": listed["modules"],
		"seats": listed["seats"],
		"may_register": visit.may(Verb.REGISTER_USERS),
		"may_buy": visit.may(Verb.BUY),
	}
	if user and page["may_register"]:
		page["new"] = {"user": user, "full_name": full_name, "modules": modules}
		page.update(_previewed(record.name, user, modules))
		page["is_full"] = _is_full(listed["seats"], page.get("preview", []))
	return page


def _is_full(before: list[dict], after: list[dict]) -> bool:
	"""Whether a module would get more users than its quota, which lets nobody in beyond it."""
	extra = {seat["module"]: seat["extra"] for seat in before}
	return any(seat["price"] is None and seat["extra"] > extra.get(seat["module"], 0) for seat in after)


def _previewed(contract: str, user: str, modules: list[str]) -> dict:
	"""`{"preview": seats}`, or `{"refusal"}` where it is not possible, and why."""
	try:
		return {"preview": users.would_add(contract, user, json.dumps(modules))["seats"]}
	except frappe.ValidationError as refusal:
		frappe.clear_messages()
		return {"refusal": frappe.utils.strip_html(str(refusal))}
