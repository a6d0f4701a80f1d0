"""Who is reminded, restricted, restored or told of a deletion? Asked every hour, each contract on its own."""

from datetime import date

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters import scheduled_runs
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.due_lifecycle import living_contracts
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.jobs.fan_out import fan_out, latest_today
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.look_after import STEPS
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.settle import settle

DOCTYPE = "Lifecycle Run"


def start_run() -> str | None:
	"""Fan out every contract concerned to background workers; the name of the run, None when there is none."""
	scheduled_runs.close_abandoned(DOCTYPE, _close)
	return fan_out(DOCTYPE, look_after_batch, "look_after", living_contracts(latest_today()))


def look_after_batch(run: str, contracts: list[str], today: date | None = None) -> None:
	"""`today`: for tests; else each contract's own day."""
	ports = site_ports()
	for name in contracts:
		_look_after_one(run, name, ports, today)
	scheduled_runs.batch_done(DOCTYPE, run, _close)
	frappe.db.commit()


def _look_after_one(run: str, name: str, ports: Ports, today: date | None) -> None:
	for step in STEPS:
		try:
			# A fresh snapshot: what another worker has done meanwhile is seen.
			frappe.db.commit()
			step(name, today or _day_of(name), ports)
			frappe.db.commit()
		except Exception as error:
			frappe.db.rollback()
			_record_failure(run, name, error)


def _record_failure(run: str, name: str, error: Exception) -> None:
	reason = sentence(error.code, **error.context) if isinstance(error, DomainError) else str(error)
	reason = frappe.utils.strip_html(reason) or type(error).__name__
	detail = frappe.get_traceback()
	frappe.clear_messages()
	scheduled_runs.add_problem(DOCTYPE, run, name, "Failed", reason, detail)
	frappe.db.commit()


def settle_contract(contract: str) -> None:
	"""A payment came in or was taken back: enqueued by the event, so that access is back within a minute."""
	settle(contract, _day_of(contract), site_ports())
	frappe.db.commit()


def _day_of(contract: str) -> date:
	return today_in(frappe.db.get_value("Subscription Contract", contract, "time_zone"))


def _close(record: Document, interrupted: bool) -> None:
	record.failed = len({problem.subscription_contract for problem in record.problems})
	record.done = 0 if interrupted else max(0, record.due - record.failed)
	if interrupted:
		record.status = "Interrupted"
	else:
		record.status = "With Problems" if record.failed else "Finished"
