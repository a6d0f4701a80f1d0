"""What does each `do` of an example call on a site? The services that Desk's buttons call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from zoneinfo import ZoneInfo

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.adapters.outage_records import note_past
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.cancel import cancel_at_period_end, cancel_now
from subscription_mgmt.services.change_plan import change_plan
from subscription_mgmt.services.hold import hold, release
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.remove_pack import remove_pack
from subscription_mgmt.services.set_renewal import set_renewal
from subscription_mgmt.simulation import scenario_file as file
from subscription_mgmt.simulation.scenario_file import Scenario
from subscription_mgmt.simulation.usage_events import Outage


@dataclass
class Demo:
	"""`contracts`: the example's names → the site's. `jobs_rest_until`: first day the jobs run again."""

	scenario: Scenario
	company: str
	ports: Ports
	contracts: dict[str, str] = field(default_factory=dict)
	jobs_rest_until: date | None = None


def _subscribe(event: file.Subscribe, day: date, demo: Demo) -> None:
	record = frappe.get_doc(
		{
			"doctype": DOCTYPE,
			"customer": event.customer,
			"company": demo.company,
			"plan": event.plan,
			"interval": event.every.value,
			"currency": demo.scenario.currency,
			"time_zone": demo.scenario.timezone,
			"start_date": day,
			"auto_renew": event.auto_renew,
			"instance": event.instance,
			"notes": f"{event.contract}: {demo.scenario.name}",
			"packs": [
				{"pack": order.pack, "quantity": order.quantity, "service_module": order.module}
				for order in event.packs
			],
		}
	).insert()
	activate(record.name, day, demo.ports)
	demo.contracts[event.contract] = record.name


def _pay(event: file.Pay, day: date, demo: Demo) -> None:
	payer = {"subscription_contract": _name(event.contract, demo)} if event.contract else {}
	payer |= {"customer": event.customer} if event.customer else {}
	open_ = frappe.get_all(
		"Sales Invoice",
		{**payer, "docstatus": 1, "is_return": 0, "outstanding_amount": [">", 0]},
		pluck="name",
		order_by="posting_date, name",
	)
	if not open_:
		raise DomainError("nothing_open", payer=event.contract or event.customer)
	for invoice in open_:
		_pay_invoice(invoice, day)


def _pay_invoice(invoice: str, day: date) -> None:
	payment = get_payment_entry("Sales Invoice", invoice, reference_date=day)
	payment.posting_date = day
	payment.reference_no = f"Demo {invoice}"
	payment.insert()
	payment.submit()


def _add_pack(event: file.AddPack, day: date, demo: Demo) -> None:
	add_pack(_name(event.contract, demo), event.pack, event.quantity, event.module, day, demo.ports)


def _remove_pack(event: file.RemovePack, day: date, demo: Demo) -> None:
	remove_pack(_name(event.contract, demo), event.pack, event.quantity, event.module, day, demo.ports)


def _auto_renew(event: file.AutoRenew, day: date, demo: Demo) -> None:
	set_renewal(_name(event.contract, demo), event.renew, day, demo.ports)


def _cancel(event: file.Cancel, day: date, demo: Demo) -> None:
	cancel = cancel_now if event.when == "now" else cancel_at_period_end
	cancel(_name(event.contract, demo), day, demo.ports)


def _change_plan(event: file.ChangePlan, day: date, demo: Demo) -> None:
	change_plan(_name(event.contract, demo), event.plan, event.every, event.when, day, demo.ports)


def _hold(event: file.Hold, day: date, demo: Demo) -> None:
	hold(_name(event.contract, demo), demo.ports)


def _release(event: file.Release, day: date, demo: Demo) -> None:
	release(_name(event.contract, demo), demo.ports)


def _scheduler_down(event: file.SchedulerDown, day: date, demo: Demo) -> None:
	demo.jobs_rest_until = max(event.until, demo.jobs_rest_until or event.until)


def _outage(event: Outage, day: date, demo: Demo) -> None:
	start = event.at.replace(tzinfo=ZoneInfo(demo.scenario.timezone)).astimezone(timezone.utc)
	note_past(event.instance, start, start + timedelta(minutes=event.minutes), event.planned)


def _name(contract: str, demo: Demo) -> str:
	if contract not in demo.contracts:
		raise DomainError("unknown_contract", contract=contract)
	return demo.contracts[contract]


# What a scenario can say beyond these needs a hosted system or people; the demo leaves it out and says so.
VERBS: dict[type[file.Event], Callable[..., None]] = {
	file.Subscribe: _subscribe,
	file.Pay: _pay,
	file.AddPack: _add_pack,
	file.RemovePack: _remove_pack,
	file.AutoRenew: _auto_renew,
	file.Cancel: _cancel,
	file.ChangePlan: _change_plan,
	file.Hold: _hold,
	file.Release: _release,
	file.SchedulerDown: _scheduler_down,
	Outage: _outage,
}
