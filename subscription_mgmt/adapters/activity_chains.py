"""Do the stored histories hold, link by link? Read in one snapshot, which a running site does not disturb."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import frappe

from subscription_mgmt.adapters.activity_records import DOCTYPE, STORED
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.engine.activity import Broken, Entry, Head, first_broken
from subscription_mgmt.engine.errors import DomainError

CONTRACTS_PER_PAGE = 500


@dataclass
class Verdict:
	contracts: int = 0
	entries: int = 0
	broken: list[Broken] = field(default_factory=list)


def verify(contract: str | None = None) -> Verdict:
	"""The first broken link of every contract that has one. Raises DomainError `unknown_contract`."""
	verdict = Verdict()
	for name, entries, head in _chains(contract):
		verdict.contracts += 1
		verdict.entries += len(entries)
		if broken := first_broken(entries, head):
			verdict.broken.append(Broken(name, broken.number, broken.fault))
	if contract and not verdict.contracts:
		raise DomainError("unknown_contract", contract=contract)
	return verdict


def head_of(contract: str) -> Head | None:
	return _heads([contract]).get(contract)


def _chains(contract: str | None) -> Iterator[tuple[str, list[Entry], Head | None]]:
	for names in [[contract]] if contract else _pages():
		heads, entries = _heads(names), _entries(names)
		for name in names:
			if name in heads or name in entries:
				yield name, entries.get(name, []), heads.get(name)


def _pages() -> Iterator[list[str]]:
	"""Names of all contracts, and then of those that are gone and left a history."""
	last = ""
	while names := frappe.get_all(
		CONTRACT, {"name": [">", last]}, pluck="name", order_by="name", limit=CONTRACTS_PER_PAGE
	):
		yield names
		last = names[-1]
	gone = _gone()
	for n in range(0, len(gone), CONTRACTS_PER_PAGE):
		yield gone[n : n + CONTRACTS_PER_PAGE]


def _gone() -> list[str]:
	activity, contract = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(CONTRACT)
	return (
		frappe.qb.from_(activity)
		.left_join(contract)
		.on(contract.name == activity.contract)
		.select(activity.contract)
		.distinct()
		.where(contract.name.isnull())
		.orderby(activity.contract)
		.run(pluck=True)
	)


def _heads(contracts: Sequence[str]) -> dict[str, Head]:
	fields = ["name", "activity_number", "activity_hash", "customer"]
	rows = frappe.get_all(CONTRACT, {"name": ["in", contracts]}, fields, limit=0)
	return {row.name: Head(row.activity_number or 0, row.activity_hash or "", row.customer) for row in rows}


def _entries(contracts: Sequence[str]) -> dict[str, list[Entry]]:
	activity = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(activity)
		.select(*(activity[column] for column in STORED))
		.where(activity.contract.isin(contracts))
		.orderby(activity.contract, activity.number, activity.name)
		.run(as_dict=True)
	)
	chains = groupby(rows, key=lambda row: row.contract)
	return {contract: [Entry(**row) for row in chain] for contract, chain in chains}
