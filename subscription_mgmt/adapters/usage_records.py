"""Where do usage records live on a site? In Usage Record, named by contract and key, so that each is unique."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256

import frappe
from frappe.model.document import Document
from frappe.utils import now
from pypika.functions import Max, Sum

from subscription_mgmt.adapters.catalogue_records import day as day_of
from subscription_mgmt.adapters.catalogue_records import exact
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.quotas import Standing
from subscription_mgmt.engine.usage import UsageRecord

DOCTYPE = "Usage Record"
COLUMNS = (
	"name",
	"creation",
	"modified",
	"owner",
	"modified_by",
	"usage_key",
	"subscription_contract",
	"customer",
	"measured_at",
	"metric",
	"service_module",
	"subjects",
	"value",
	"counted",
	"billed",
)
READ = ["usage_key", "measured_at", "metric", "service_module", "subjects", "value", "counted"]


class UsageRecords:
	"""Implements `ports.Usage`. Callers hold the lock of the contract, so that a key is taken by one of them."""

	def known(self, contract: str, keys: Iterable[str]) -> Mapping[str, UsageRecord]:
		names = [record_name(contract, key) for key in keys]
		found = frappe.get_all(DOCTYPE, {"name": ["in", names]}, READ, limit=0) if names else []
		return {row.usage_key: record_of(row) for row in found}

	def add(self, contract: Contract, records: Sequence[UsageRecord]) -> None:
		moment, user = now(), frappe.session.user
		rows = [
			(
				record_name(contract.name, record.key),
				moment,
				moment,
				user,
				user,
				record.key,
				contract.name,
				contract.customer,
				record.at,
				record.metric,
				record.module,
				"\n".join(record.subjects) or None,
				float(record.value),
				float(record.level),
				0,
			)
			for record in records
		]
		try:
			frappe.db.bulk_insert(DOCTYPE, COLUMNS, rows)
		except Exception as error:
			# Two reports of one meter at the same moment: the other one was not seen yet when this one looked.
			if frappe.db.is_duplicate_entry(error):
				raise DomainError("usage_sent_at_once", contract=contract.name) from error
			raise

	def since(self, contract: str, day: date) -> Sequence[UsageRecord]:
		begins = datetime.combine(day, time.min)
		own = {"subscription_contract": contract}
		rows = frappe.get_all(DOCTYPE, {**own, "measured_at": [">=", begins]}, READ, limit=0)
		return [record_of(row) for row in (*_last_before(contract, begins), *rows)]

	def standings(
		self, contract: str, month: Period, metrics: Iterable[str]
	) -> Mapping[tuple[str, str | None], Standing]:
		record = frappe.qb.DocType(DOCTYPE)
		rows = (
			frappe.qb.from_(record)
			.select(record.metric, record.service_module, Sum(record.counted), Max(record.counted))
			.where((record.subscription_contract == contract) & record.metric.isin(sorted(metrics)))
			.where(record.measured_at >= datetime.combine(month.start, time.min))
			.where(record.measured_at < datetime.combine(month.end, time.min))
			.groupby(record.metric, record.service_module)
			.run()
		)
		return {
			(metric, module or None): Standing(exact(total), exact(highest))
			for metric, module, total, highest in rows
		}

	def unbilled_from(self, contract: str) -> date | None:
		unbilled = {"subscription_contract": contract, "billed": 0}
		first = frappe.get_all(DOCTYPE, unbilled, "measured_at", order_by="measured_at", limit=1)
		return day_of(first[0].measured_at) if first else None

	def billed(self, contract: str, until: date | None) -> None:
		seen = {"subscription_contract": contract, "billed": 0}
		if until is not None:
			seen["measured_at"] = ["<", datetime.combine(until, time.min)]
		frappe.db.set_value(DOCTYPE, seen, "billed", 1, update_modified=False)


def record_name(contract: str, key: str) -> str:
	return sha256(f"{contract}\n{key}".encode()).hexdigest()[:40]


def record_of(row: Document) -> UsageRecord:
	return UsageRecord(
		key=row.usage_key,
		metric=row.metric,
		at=row.measured_at,
		value=exact(row.value),
		module=row.service_module or None,
		subjects=tuple(row.subjects.split("\n")) if row.subjects else (),
		counted=exact(row.counted),
	)


def _last_before(contract: str, begins: datetime) -> list[Document]:
	"""Of each metric and module the rows of its last moment before `begins`."""
	record, other = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(DOCTYPE).as_("other")
	last = (
		frappe.qb.from_(other)
		.select(other.metric, other.service_module, Max(other.measured_at).as_("at"))
		.where((other.subscription_contract == contract) & (other.measured_at < begins))
		.groupby(other.metric, other.service_module)
	)
	return (
		frappe.qb.from_(record)
		.join(last)
		.on((record.metric == last.metric) & (record.measured_at == last.at))
		.select(*(record[column] for column in READ))
		.where(record.subscription_contract == contract)
		.where(
			(record.service_module == last.service_module)
			| (record.service_module.isnull() & last.service_module.isnull())
		)
		.run(as_dict=True)
	)
