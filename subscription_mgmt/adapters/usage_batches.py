"""How is the usage of many contracts looked at, and their month closed, in a few queries for all of them?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import frappe
from frappe.model.document import Document
from frappe.utils import now
from pypika.functions import Max, Min

from subscription_mgmt.adapters.catalogue_records import day as day_of
from subscription_mgmt.adapters.charge_records import charge_of
from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.adapters.contract_records import contract_of
from subscription_mgmt.adapters.ledger_records import DOCTYPE as CHARGE
from subscription_mgmt.adapters.ledger_records import READ as CHARGE_COLUMNS
from subscription_mgmt.adapters.usage_records import DOCTYPE as USAGE
from subscription_mgmt.adapters.usage_records import READ, record_of
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import BILLED, Contract, Status
from subscription_mgmt.engine.usage import UsageRecord

AT_ONCE = 500


def usage_alone_due(today: date) -> list[str]:
	"""Names of contracts of which nothing is due by `today` but a look at their usage. One query, by an index."""
	contract = frappe.qb.DocType(CONTRACT)
	living = [status.value for status in (*BILLED, Status.TRIALLING, Status.SUSPENDED)]
	return (
		frappe.qb.from_(contract)
		.select(contract.name)
		.where((contract.parked == 0) & contract.status.isin(living))
		.where(contract.next_usage_billing <= today)
		.where(contract.next_billing_date.isnull() | (contract.next_billing_date > today))
		.where(contract.ends_on.isnull() | (contract.ends_on > today))
		.orderby(contract.name)
		.run(pluck=True)
	)


class UsageBatch:
	"""What is known of the contracts of a batch, read at once. Their rows stay locked until the caller commits, so that
	no meter reports in between; a contract that somebody else holds is left out."""

	def __init__(self, names: Sequence[str]) -> None:
		self._names = sorted(names)
		rows = frappe.db.get_values(
			CONTRACT,
			{"name": ["in", self._names], "parked": 0},
			"*",
			order_by="name asc",
			for_update=True,
			skip_locked=True,
			as_dict=True,
		)
		packs = self._packs()
		for row in rows:
			row.packs = packs[row.name]
		self.zones = {row.name: row.time_zone for row in rows}
		self.contracts = [contract_of(row) for row in rows]
		self.usage = ReadUsage(self._names)
		self.ledger = ReadCharges([contract.name for contract in self.contracts if contract.changes])

	def _packs(self) -> Mapping[str, list[Document]]:
		packs: dict[str, list[Document]] = defaultdict(list)
		filters = {"parent": ["in", self._names], "parenttype": CONTRACT}
		for row in frappe.get_all("Contract Pack", filters, "*", order_by="idx", limit=0):
			packs[row.parent].append(row)
		return packs


class ReadUsage:
	"""Implements what billing asks of `ports.Usage`: the records since the first month of a contract that is not
	billed, the last ones before, and what came in late."""

	def __init__(self, names: Sequence[str]) -> None:
		self._records: dict[str, list[UsageRecord]] = defaultdict(list)
		self._late: dict[str, date] = {}
		if names:
			for row in (*_last_before(names), *_since(names)):
				self._records[row.subscription_contract].append(record_of(row))
			self._late = {name: day_of(first) for name, first in _unbilled(names)}

	def since(self, contract: str, day: date) -> Sequence[UsageRecord]:
		return self._records[contract]

	def unbilled_from(self, contract: str) -> date | None:
		return self._late.get(contract)


class ReadCharges:
	"""Implements what billing asks of `ports.Ledger`, for contracts whose plan may have changed."""

	def __init__(self, names: Sequence[str]) -> None:
		self._charges: dict[str, list[Charge]] = defaultdict(list)
		if not names:
			return
		rows = frappe.get_all(
			CHARGE,
			{"subscription_contract": ["in", names]},
			CHARGE_COLUMNS,
			order_by="charged_on asc, creation asc",
			limit=0,
		)
		keys = {row.name: row.charge_key for row in rows}
		for row in rows:
			self._charges[row.subscription_contract].append(charge_of(row, keys.get(row.reverses)))

	def charges_of(self, contract: str) -> Sequence[Charge]:
		return self._charges[contract]


def without_late(contracts: Iterable[Contract], usage: ReadUsage) -> list[Contract]:
	"""Contracts none of whose records belongs to a month that was billed: those need their charges looked at."""
	found = []
	for contract in contracts:
		late = usage.unbilled_from(contract.name)
		if contract.usage_from and (late is None or late >= contract.usage_from):
			found.append(contract)
	return found


def close_months(closed: Sequence[tuple[Contract, Contract]]) -> None:
	"""Note as billed the months of contracts that owe nothing for them, and their records."""
	if not closed:
		return
	frappe.db.bulk_update(
		CONTRACT,
		{
			after.name: {"usage_from": after.usage_from, "next_usage_billing": after.next_usage_billing}
			for _, after in closed
		},
		chunk_size=AT_ONCE,
		modified=now(),
	)
	names = [after.name for _, after in closed]
	record, contract = frappe.qb.DocType(USAGE), frappe.qb.DocType(CONTRACT)
	(
		frappe.qb.update(record)
		.join(contract)
		.on(contract.name == record.subscription_contract)
		.set(record.billed, 1)
		.where(contract.name.isin(names) & (record.billed == 0))
		.where(record.measured_at < contract.usage_from)
		.run()
	)
	for name in names:
		frappe.clear_document_cache(CONTRACT, name)


def _since(names: Sequence[str]) -> list[Document]:
	record, contract = frappe.qb.DocType(USAGE), frappe.qb.DocType(CONTRACT)
	return (
		frappe.qb.from_(record)
		.join(contract)
		.on(contract.name == record.subscription_contract)
		.select(record.subscription_contract, *(record[column] for column in READ))
		.where(contract.name.isin(names) & (record.measured_at >= contract.usage_from))
		.run(as_dict=True)
	)


def _last_before(names: Sequence[str]) -> list[Document]:
	"""Of each contract, metric and module the rows of its last moment before the first month not billed."""
	record, other = frappe.qb.DocType(USAGE), frappe.qb.DocType(USAGE).as_("other")
	contract = frappe.qb.DocType(CONTRACT)
	last = (
		frappe.qb.from_(other)
		.join(contract)
		.on(contract.name == other.subscription_contract)
		.select(
			other.subscription_contract, other.metric, other.service_module, Max(other.measured_at).as_("at")
		)
		.where(contract.name.isin(names) & (other.measured_at < contract.usage_from))
		.groupby(other.subscription_contract, other.metric, other.service_module)
	)
	same_module = (record.service_module == last.service_module) | (
		record.service_module.isnull() & last.service_module.isnull()
	)
	return (
		frappe.qb.from_(record)
		.join(last)
		.on(
			(record.subscription_contract == last.subscription_contract)
			& (record.measured_at == last.at)
			& (record.metric == last.metric)
			& same_module
		)
		.select(record.subscription_contract, *(record[column] for column in READ))
		.run(as_dict=True)
	)


def _unbilled(names: Sequence[str]) -> list[tuple]:
	record = frappe.qb.DocType(USAGE)
	return (
		frappe.qb.from_(record)
		.select(record.subscription_contract, Min(record.measured_at))
		.where(record.subscription_contract.isin(names) & (record.billed == 0))
		.groupby(record.subscription_contract)
		.run()
	)
