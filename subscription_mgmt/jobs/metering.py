"""Which systems are to be measured today? Asked every hour; each contract is its own transaction, in its own day.

A day begins with the first run after its midnight. What fails is tried again every hour until the day is over.
"""

from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from subscription_mgmt.adapters.alerts import alert
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.metering_log import (
	DOCTYPE,
	Due,
	measurable,
	note_done,
	note_failed,
	note_missed,
)
from subscription_mgmt.adapters.providers import provider_of
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.metering import Metered, days_missed
from subscription_mgmt.jobs.fan_out import BATCH_TIMEOUT, job_id
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.meter_instance import meter_instance
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.record_usage import Intake

AT_ONCE = 25  # systems of one job; each is asked by a command that takes seconds
FAILURES_BEFORE_ALERT = 3


def start() -> int:
	"""Give the systems that are due to background workers, in batches; how many there are."""
	now = moment()
	names = [due.contract for due in measurable() if due.last_day != _local(due, now).date()]
	for start_ in range(0, len(names), AT_ONCE):
		batch = names[start_ : start_ + AT_ONCE]
		frappe.enqueue(
			meter_batch,
			queue="long",
			timeout=BATCH_TIMEOUT,
			job_id=job_id("meter", batch),
			deduplicate=True,
			contracts=batch,
		)
	return len(names)


def meter_batch(contracts: list[str]) -> None:
	ports = site_ports()
	for due in measurable(contracts):
		_meter_one(due, moment(), ports)


def _meter_one(due: Due, now: datetime, ports: Ports) -> None:
	local = _local(due, now)
	today = local.date()
	if due.last_day == today:
		return
	try:
		provider, system = provider_of(due.instance)
		frappe.db.commit()  # nothing is held open while the system is asked
		readings = provider.measure(system, due.since or _begin_of(due))
		found, intake = meter_instance(due.contract, readings, local, ports)
		note_missed(due, days_missed(due.last_day, today))
		note_done(due, today, now, readings, _left_out(found, intake))
		frappe.db.commit()
	except DomainError as refusal:
		_failed(due, today, sentence(refusal.code, **refusal.context))
	except Exception as error:
		_failed(due, today, str(error) or type(error).__name__, frappe.get_traceback())


def _failed(due: Due, today: date, problem: str, unexpected: str = "") -> None:
	frappe.db.rollback()
	frappe.clear_messages()
	if unexpected:
		frappe.log_error(f"{due.instance}: not measured", unexpected)
	name, tries = note_failed(due, today, frappe.utils.strip_html(problem))
	if tries == FAILURES_BEFORE_ALERT:
		alert(_("{0} could not be measured").format(due.instance), problem, DOCTYPE, name)
	frappe.db.commit()


def _left_out(found: Metered, intake: Intake) -> str:
	said = [
		_(
			"The system knows no module {0}. Say in Covers of that Service Module what it is called there."
		).format(module)
		for module in found.unknown_modules
	]
	return "\n".join([*said, *(sentence(error.code, **error.context) for _n, error in intake.refused)])


def _local(due: Due, now: datetime) -> datetime:
	return now.astimezone(_zone(due)).replace(tzinfo=None)


def _begin_of(due: Due) -> datetime:
	return datetime.combine(due.begins, time.min, _zone(due)).astimezone(timezone.utc)


def _zone(due: Due) -> ZoneInfo:
	return ZoneInfo(due.time_zone or get_system_timezone())
