"""Which contracts are due, and who bills them? Asked every hour; each contract is its own transaction."""

import frappe

from subscription_mgmt.adapters import billing_runs, scheduled_runs
from subscription_mgmt.adapters.billing_runs import DOCTYPE
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.due_contracts import due_contracts
from subscription_mgmt.adapters.parking import park
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.jobs.fan_out import fan_out, latest_today
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.ports import Ports

TRIES_AGAINST_DEADLOCK = 3


def start_run() -> str | None:
	"""Fan out everything that is due to background workers; the name of the run, None when nothing is due."""
	scheduled_runs.close_abandoned(DOCTYPE, billing_runs.close)
	return fan_out(DOCTYPE, bill_batch, "bill", due_contracts(latest_today()))


def bill_batch(run: str, contracts: list[str]) -> None:
	"""Bill each of `contracts` on its own: what fails with one stays its own and is recorded on the run."""
	ports = site_ports(billing_run=run)
	for name in contracts:
		bill_one(run, name, ports)
	scheduled_runs.batch_done(DOCTYPE, run, billing_runs.close)
	frappe.db.commit()


def bill_one(run: str, name: str, ports: Ports) -> None:
	for tries_left in reversed(range(TRIES_AGAINST_DEADLOCK)):
		try:
			# A fresh snapshot: what another worker has billed meanwhile is seen.
			frappe.db.commit()
			row = frappe.db.get_value(
				"Subscription Contract", name, ["time_zone", "parked", "billing_failures"], as_dict=True
			)
			frappe.db.rollback()
			if not row or row.parked:
				return
			bill(name, today_in(row.time_zone), ports)
			if row.billing_failures:
				billing_runs.clear_failures(name)
			frappe.db.commit()
			return
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError) as error:
			frappe.db.rollback()
			if not tries_left:
				_record_failure(run, name, str(error))
		except DomainError as refusal:
			frappe.db.rollback()
			_record_parked(run, name, sentence(refusal.code, **refusal.context))
			return
		except Exception as error:
			frappe.db.rollback()
			_record_failure(run, name, str(error) or type(error).__name__)
			return


def _record_parked(run: str, name: str, reason: str) -> None:
	park(name, reason)
	scheduled_runs.add_problem(DOCTYPE, run, name, "Parked", reason)
	frappe.db.commit()


def _record_failure(run: str, name: str, reason: str) -> None:
	"""Tried again by the next run; parked when it has failed as often as the settings allow."""
	reason = frappe.utils.strip_html(reason)
	detail = frappe.get_traceback()
	frappe.clear_messages()
	if billing_runs.count_failure(name) >= (
		frappe.get_cached_doc("Subscription Mgmt Settings").failures_before_parking or 3
	):
		park(name, reason)
		scheduled_runs.add_problem(DOCTYPE, run, name, "Parked", reason, detail)
	else:
		scheduled_runs.add_problem(DOCTYPE, run, name, "Failed", reason, detail)
	frappe.db.commit()
