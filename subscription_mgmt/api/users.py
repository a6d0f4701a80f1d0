"""What can be done with the registered users of a contract: in Desk on its form, in the portal by role?

Every answer is the list afterwards: `{"users": [{"user", "full_name", "modules", "is_administrator", "enabled"}],
"modules": […those of the plan], "seats": [{"module", "users", "quota", "extra", "price", "currency", "pack"}]}`;
`price` is what one beyond the quota costs a month (None: nobody is let in beyond it), `pack` the one that would hold
them.
"""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import cint, get_system_timezone

from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.contract_records import DOCTYPE, contract_of
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.usage_packs import pack_for
from subscription_mgmt.api.portal.guard import contract_visited
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.engine.users import USERS, ContractUser, Seats
from subscription_mgmt.permissions import DESK_ROLES
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services.change_user import change_user
from subscription_mgmt.services.contract_users import Standing, standing_of
from subscription_mgmt.services.register_user import register_user, would_register
from subscription_mgmt.services.remove_user import remove_user


@frappe.whitelist(methods=["GET"])
def listed(contract: str) -> dict:
	record = frappe.get_doc(DOCTYPE, contract)
	record.check_permission("read")
	with refusals_worded():
		return _answer(standing_of(contract_of(record), _now_in(record.time_zone), site_ports()))


@frappe.whitelist(methods=["GET"])
def would_add(
	contract: str, user: str, modules: str | list[str] | None = None, is_administrator: str | int = 0
) -> dict:
	"""As it would be with that user, before anything is stored: what would be metered, and which pack would hold it."""
	now = _now_if_allowed(contract)
	new = ContractUser(user, "", _listed(modules), bool(cint(is_administrator)))
	with refusals_worded():
		return _answer(would_register(contract, new, now, site_ports()))


@frappe.whitelist(methods=["POST"])
def add(
	contract: str,
	user: str,
	full_name: str = "",
	modules: str | list[str] | None = None,
	is_administrator: str | int = 0,
) -> dict:
	now = _now_if_allowed(contract)
	new = ContractUser(user, full_name.strip()[:140], _listed(modules), bool(cint(is_administrator)))
	with refusals_worded():
		return _answer(register_user(contract, new, now, site_ports()))


@frappe.whitelist(methods=["POST"])
def change(
	contract: str,
	user: str,
	full_name: str | None = None,
	modules: str | list[str] | None = None,
	is_administrator: str | int | None = None,
	enabled: str | int | None = None,
) -> dict:
	"""What is left out stays as it is."""
	now = _now_if_allowed(contract)
	changes: dict[str, object] = {}
	if full_name is not None:
		changes["full_name"] = full_name.strip()[:140]
	if modules is not None:
		changes["modules"] = _listed(modules)
	if is_administrator is not None:
		changes["is_administrator"] = bool(cint(is_administrator))
	if enabled is not None:
		changes["enabled"] = bool(cint(enabled))
	with refusals_worded():
		return _answer(change_user(contract, user, changes, now, site_ports()))


@frappe.whitelist(methods=["POST"])
def remove(contract: str, user: str) -> dict:
	now = _now_if_allowed(contract)
	with refusals_worded():
		return _answer(remove_user(contract, user, now, site_ports()))


def _now_if_allowed(contract: str) -> datetime:
	"""The contract's local time, if the user may register its users: in Desk who may write it, else by his role."""
	if _is_customer():
		_visit, record, _day = contract_visited(Verb.REGISTER_USERS, contract)
	else:
		record = frappe.get_doc(DOCTYPE, contract)
		record.check_permission("write")
	return _now_in(record.time_zone)


def _now_in(time_zone: str | None) -> datetime:
	return moment().astimezone(ZoneInfo(time_zone or get_system_timezone())).replace(tzinfo=None)


def _listed(modules: str | list[str] | None) -> tuple[str, ...]:
	given = frappe.parse_json(modules) if modules else []
	return tuple(dict.fromkeys(str(module) for module in given))


def _answer(standing: Standing) -> dict:
	return {
		"users": [
			{
				"user": user.login,
				"full_name": user.full_name,
				"modules": list(user.modules),
				"is_administrator": user.is_administrator,
				"enabled": user.enabled,
			}
			for user in standing.users
		],
		"modules": list(standing.plan.modules),
		"seats": [_seats(each, standing.contract.currency) for each in standing.seats],
	}


def _is_customer() -> bool:
	return DESK_ROLES.isdisjoint(frappe.get_roles())


def _seats(each: Seats, currency: str) -> dict:
	return {
		"module": each.module,
		"users": len(each.names),
		"quota": float(each.allowed),
		"extra": float(each.extra),
		"price": None if each.price is None else str(each.price),
		"currency": currency,
		"pack": pack_for(USERS, max(each.extra, Decimal(1)), bool(each.module), _is_customer()),
	}
