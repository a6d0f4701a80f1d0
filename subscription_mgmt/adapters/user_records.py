"""Where do a contract's users live on a site? In Contract User, named by contract and login, so that each is unique."""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256

import frappe

from subscription_mgmt.adapters.typed_text import as_text
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.users import ContractUser

DOCTYPE = "Contract User"
MODULES = "Contract User Module"


class UserRecords:
	"""Implements `ports.Users`. Callers hold the lock of the contract."""

	def of(self, contract: str) -> Sequence[ContractUser]:
		# With a lock: whom another request registered while this one waited for the contract is seen.
		rows = frappe.db.get_values(
			DOCTYPE,
			{"subscription_contract": contract},
			["name", "user_name", "full_name", "is_administrator", "enabled"],
			order_by="user_name asc",
			for_update=True,
			as_dict=True,
		)
		modules = _modules_of([row.name for row in rows])
		return [
			ContractUser(
				row.user_name,
				row.full_name or "",
				tuple(modules[row.name]),
				bool(row.is_administrator),
				bool(row.enabled),
			)
			for row in rows
		]

	def save(self, contract: Contract, before: Sequence[ContractUser], after: Sequence[ContractUser]) -> None:
		was = {user.login: user for user in before}
		now = {user.login: user for user in after}
		for login in was.keys() - now.keys():
			_by_service(frappe.get_doc(DOCTYPE, record_name(contract.name, login))).delete()
		for login, user in now.items():
			if user != was.get(login):
				_store(contract, user, is_new=login not in was)


def _store(contract: Contract, user: ContractUser, is_new: bool) -> None:
	name = record_name(contract.name, user.login)
	record = frappe.new_doc(DOCTYPE, name=name) if is_new else frappe.get_doc(DOCTYPE, name)
	record.update(
		{
			"subscription_contract": contract.name,
			"customer": contract.customer,
			"user_name": user.login,
			"full_name": as_text(user.full_name),
			"is_administrator": int(user.is_administrator),
			"enabled": int(user.enabled),
			"modules": [{"service_module": module} for module in user.modules],
		}
	)
	_by_service(record)
	record.insert(set_name=name) if is_new else record.save()


def _by_service(record: "frappe.model.document.Document") -> "frappe.model.document.Document":
	record.flags.by_service = record.flags.ignore_permissions = True
	return record


def _modules_of(users: list[str]) -> dict[str, list[str]]:
	modules: dict[str, list[str]] = defaultdict(list)
	if users:
		rows = frappe.db.get_values(
			MODULES,
			{"parent": ["in", users], "parenttype": DOCTYPE},
			["parent", "service_module"],
			order_by="idx asc",
			for_update=True,
			as_dict=True,
		)
		for row in rows:
			modules[row.parent].append(row.service_module)
	return modules


def record_name(contract: str, login: str) -> str:
	return sha256(f"{contract}\n{login}".encode()).hexdigest()[:20]
