"""What happens, day by day, when a scenario runs? (`shared/SCENARIOS.md`, Order of a day)"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from subscription_mgmt.adapters.memory import (
	MemoryCatalogue,
	MemoryContracts,
	MemoryCustomers,
	MemoryLedger,
	MemoryLicences,
)
from subscription_mgmt.adapters.memory_hosting import MemoryHosting
from subscription_mgmt.adapters.memory_usage import MemoryUsage
from subscription_mgmt.adapters.memory_users import MemoryUsers
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.dun import dun
from subscription_mgmt.services.notice_renewal import notice_renewal
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.watch_deletion import watch_deletion
from subscription_mgmt.simulation.backups import Backups
from subscription_mgmt.simulation.licence_verbs import LICENCE_VERBS
from subscription_mgmt.simulation.scenario_file import Event, Scenario
from subscription_mgmt.simulation.sla_watch import watch
from subscription_mgmt.simulation.summary import summary
from subscription_mgmt.simulation.support_verbs import SUPPORT_VERBS
from subscription_mgmt.simulation.support_world import support_of
from subscription_mgmt.simulation.timeline import Timeline
from subscription_mgmt.simulation.usage_verbs import USAGE_VERBS
from subscription_mgmt.simulation.verbs import VERBS, World

DAILY_JOBS = time(0, 5)
EVERY_VERB = {**VERBS, **LICENCE_VERBS, **USAGE_VERBS, **SUPPORT_VERBS}
LIFECYCLE = (notice_renewal, dun, watch_deletion)

Days = Callable[[Sequence[date]], Iterable[date]]


def simulate(scenario: Scenario, until: date, days: Days = iter) -> dict:
	"""`{"name", "start", "until", "currency", "events": [...], "summary": {...}}`.

	`days` may watch the days go by, for a progress bar.
	"""
	world = _world(scenario)
	zone = ZoneInfo(scenario.timezone)
	events = _by_day(scenario.events, zone)
	for day in days([scenario.start + timedelta(n) for n in range((until - scenario.start).days + 1)]):
		_wait_until(_shown(datetime.combine(day, DAILY_JOBS), zone), world)
		_run_daily_jobs(day, world)
		for event in events.get(day, ()):
			_wait_until(_shown(event.at, zone), world)
			_happen(event, day, world)
	_wait_until(datetime.combine(until + timedelta(1), time(0), zone), world)
	return {
		"name": scenario.name,
		"start": scenario.start.isoformat(),
		"until": until.isoformat(),
		"currency": scenario.currency,
		"events": world.timeline.events,
		"summary": summary(world, _customers(scenario), until),
	}


def _customers(scenario: Scenario) -> Iterable[str]:
	"""Those of the file; where it lists none, whoever an event names."""
	if scenario.customers is not None:
		return scenario.customers
	return [name for event in scenario.events if (name := getattr(event, "customer", None)) is not None]


def _world(scenario: Scenario) -> World:
	decimals = get_currency_precision(scenario.currency)
	timeline = Timeline(decimals)
	ledger = MemoryLedger(payment_days=scenario.payment_days, on_credit=timeline.credit_changed)
	hosting = MemoryHosting(lambda: timeline.moment)
	backups = Backups(
		lambda: timeline.moment,
		ZoneInfo(scenario.timezone),
		scenario.engine_plans(),
		scenario.engine_backup_policies(),
		hosting,
	)
	contracts = MemoryContracts(backups.contract_saved)
	grace = {name: entry.grace_days for name, entry in (scenario.customers or {}).items()}
	disabled = (name for name, entry in (scenario.customers or {}).items() if entry.disabled)
	ports = Ports(
		contracts=contracts,
		catalogue=MemoryCatalogue(
			scenario.engine_plans(),
			scenario.engine_packs(),
			scenario.engine_dunning_policies(),
			scenario.engine_modules(),
		),
		customers=MemoryCustomers(disabled, grace),
		ledger=ledger,
		hosting=hosting,
		notices=timeline,
		journal=timeline,
		licences=MemoryLicences(contracts, timeline.licence_changed),
		usage=MemoryUsage(),
		users=MemoryUsers(),
	)
	support = support_of(scenario, ports, timeline)
	return World(ports, contracts, ledger, hosting, timeline, support, backups, scenario.currency, decimals)


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
	"""As the clocks of `zone` show it: 00:05 is 01:05 on a day that begins at 01:00 (Santiago, in September)."""
	return moment.replace(tzinfo=zone).astimezone(timezone.utc).astimezone(zone)


def _by_day(events: Iterable[Event], zone: ZoneInfo) -> dict[date, list[Event]]:
	by_day: dict[date, list[Event]] = defaultdict(list)
	for event in sorted(events, key=lambda event: _shown(event.at, zone).astimezone(timezone.utc)):
		by_day[event.at.date()].append(event)
	return by_day


def _run_daily_jobs(day: date, world: World) -> None:
	if world.scheduler_down_until is not None and day < world.scheduler_down_until:
		return
	for name in list(world.contracts.due(day)):
		try:
			bill(name, day, world.ports)
		except DomainError as error:
			world.contracts.parked[name] = error.code
			world.timeline.parked(name, error)
	for step in LIFECYCLE:
		for name in world.contracts.living():
			step(name, day, world.ports)
	world.support.expire(day)


def _wait_until(moment: datetime, world: World) -> None:
	"""Let the jobs run that have times of their own, then set the clock."""
	if world.timeline.now is not None:
		watch(world, moment)
	world.timeline.now = moment


def _happen(event: Event, day: date, world: World) -> None:
	try:
		EVERY_VERB[type(event)](event, day, world)
		world.support.covered(world.ledger, day)
	except DomainError as error:
		world.timeline.rejected(event.do, error)  # type: ignore[attr-defined]
