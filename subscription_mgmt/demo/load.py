"""How is an example's year put into a site, once, even if somebody pulls the plug in the middle?

How far it came is stored in the transaction of each step, so that a second run goes on from there.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

import frappe
from frappe import _

from subscription_mgmt.adapters.catalogue_import import put
from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.due_contracts import due_contracts
from subscription_mgmt.adapters.due_lifecycle import living_contracts
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.demo.schedule import Step, months_until_today, steps
from subscription_mgmt.demo.site import company_of_site, make_customers, make_exchange_rate, make_fiscal_years
from subscription_mgmt.demo.verbs import VERBS, Demo
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.periods import add_months
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.look_after import look_after
from subscription_mgmt.simulation.as_records import Record, records_of
from subscription_mgmt.simulation.scenario_file import Scenario, read_scenario

TRIES_AGAINST_DEADLOCK = 3

ProgressBar = Callable[..., AbstractContextManager[Iterator[Step]]]


@dataclass
class Loaded:
	"""How far the demo came: `done` steps of the example, which is moved by `months` and ends on `until`."""

	months: int
	until: str
	done: int = 0
	is_complete: bool = False
	contracts: dict[str, str] = field(default_factory=dict)


def load(example: Path, progress_bar: ProgressBar) -> Iterator[str]:
	"""Yields sentences for the terminal. Commits after every step that changes something."""
	scenario, key = read_scenario(example), example.stem
	loaded = _read(key)
	if loaded and loaded.is_complete:
		yield _("The demo {0} is loaded already, up to {1}. Nothing was changed.").format(
			example.stem, loaded.until
		)
		return
	frappe.flags.mute_emails = True
	if loaded is None:
		loaded = _begun(scenario)
		yield from _prepare(scenario, loaded)
		_store(key, loaded)
	else:
		yield _("Going on where the demo {0} stopped.").format(example.stem)
	yield from _live_through(scenario, key, loaded, progress_bar)
	yield from _figures(loaded)


def _begun(scenario: Scenario) -> Loaded:
	today = today_in(scenario.timezone)
	return Loaded(months_until_today(scenario, today), today.isoformat())


def _prepare(scenario: Scenario, loaded: Loaded) -> Iterator[str]:
	company = company_of_site()
	first, last = add_months(scenario.start, loaded.months), date.fromisoformat(loaded.until)
	# Records of the same name that the site has already are somebody's, and stay as they are.
	put(_published(records_of(scenario)), keep_existing=True)
	yield from make_fiscal_years(first, last, company)
	yield from make_exchange_rate(scenario.currency, company, first)
	yield from make_customers(scenario, company)


def _published(records: Iterable[Record]) -> Iterator[Record]:
	"""Its plans and packs are on the price page, and its customers may choose among them."""
	for record in records:
		shown = {"published": 1} if record.doctype in ("Plan", "Pack") else {}
		yield record._replace(values={**record.values, **shown})


def _live_through(scenario: Scenario, key: str, loaded: Loaded, progress_bar: ProgressBar) -> Iterator[str]:
	demo = Demo(scenario, company_of_site(), site_ports(), loaded.contracts)
	all_steps = list(steps(scenario, loaded.months, date.fromisoformat(loaded.until)))
	left_out: Counter[str] = Counter()
	refused: list[str] = []
	with progress_bar(list(enumerate(all_steps)), label=_("A year of {0}").format(scenario.name)) as shown:
		for n, step in shown:
			if n < loaded.done:
				_remember_rest(step, demo)
			elif step.event is None:
				refused += _daily_jobs(step.day, demo, lambda done=n: _store_at(key, loaded, done))
			elif type(step.event) not in VERBS:
				left_out[step.event.do] += 1
			else:
				refused += _happen(step, demo, lambda done=n + 1: _store_at(key, loaded, done))
	loaded.is_complete = True
	_store_at(key, loaded, len(all_steps))
	yield from refused
	if left_out:
		verbs = ", ".join(f"{verb} ({count})" for verb, count in left_out.items())
		yield _("Left out, for want of a hosted system: {0}.").format(verbs)


def _remember_rest(step: Step, demo: Demo) -> None:
	"""Done in an earlier run; that the scheduler was down is the one thing no record tells."""
	if step.event is not None and step.event.do == "scheduler_down":
		VERBS[type(step.event)](step.event, step.day, demo)


def _daily_jobs(day: date, demo: Demo, store: Callable[[], None]) -> list[str]:
	"""Billing, then reminders and restrictions, of the demo's contracts and nobody else's."""
	if demo.jobs_rest_until is not None and day < demo.jobs_rest_until:
		return []
	mine = set(demo.contracts.values())
	refused = []
	for concerned, job in ((due_contracts, bill), (living_contracts, look_after)):
		for name in concerned(day):
			if name in mine:
				refused += _try(f"{day} {name}", partial(job, name, day, demo.ports), store)
	return refused


def _happen(step: Step, demo: Demo, store: Callable[[], None]) -> list[str]:
	what = f"{step.day} {step.event.do}"
	return _try(what, partial(VERBS[type(step.event)], step.event, step.day, demo), store)


def _try(what: str, act: Callable[[], None], store: Callable[[], None]) -> list[str]:
	"""What is refused is rolled back and told, and the year goes on, as in a simulation.

	Payments wake a background worker, who may be at the same contract: that is tried again.
	"""
	for tries_left in reversed(range(TRIES_AGAINST_DEADLOCK)):
		try:
			act()
			store()
			return []
		except DomainError as refusal:
			frappe.db.rollback()
			return [f"{what}: {sentence(refusal.code, **refusal.context)}"]
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
			if not tries_left:
				raise
	return []


def _read(key: str) -> Loaded | None:
	stored = frappe.db.get_value("DefaultValue", _where(key), "defvalue")
	return Loaded(**json.loads(stored)) if stored else None


def _store_at(key: str, loaded: Loaded, done: int) -> None:
	loaded.done = done
	_store(key, loaded)


def _store(key: str, loaded: Loaded) -> None:
	"""Not by set_global: it empties all caches of the site, and get_global may answer from an old one."""
	value = json.dumps(asdict(loaded))
	if frappe.db.exists("DefaultValue", _where(key)):
		frappe.db.set_value("DefaultValue", _where(key), "defvalue", value, update_modified=False)
	else:
		frappe.get_doc({"doctype": "DefaultValue", **_where(key), "defvalue": value}).db_insert()
	frappe.db.commit()


def _where(key: str) -> dict[str, str]:
	return {"parent": "subscription_demo", "defkey": key}


def _figures(loaded: Loaded) -> Iterator[str]:
	contracts = ["in", list(loaded.contracts.values())]
	invoices = frappe.db.count("Sales Invoice", {"subscription_contract": contracts, "docstatus": ["<", 2]})
	yield _("Loaded {0} contracts and {1} invoices, up to {2}.").format(
		len(loaded.contracts), invoices, loaded.until
	)
	for name, contract in islice(loaded.contracts.items(), 20):
		yield f"  {name}: {contract}, {_(frappe.db.get_value('Subscription Contract', contract, 'status'))}"
