"""What do the verbs of usage and outages in a scenario call?"""

from collections.abc import Callable
from datetime import date, timedelta

from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.services.record_usage import record_usage
from subscription_mgmt.simulation.scenario_file import Event
from subscription_mgmt.simulation.usage_events import Meter, Outage
from subscription_mgmt.simulation.verbs import World


def _meter(event: Meter, today: date, world: World) -> None:
	world.metered += 1
	# Of two records of one minute the one that stands later in the file is the level from then on.
	measured = world.timeline.moment + timedelta(microseconds=world.metered)
	record = UsageRecord(
		key=event.key or f"meter {world.metered:09d}",
		metric=event.metric,
		at=measured,
		value=event.value,
		module=event.module,
	)
	intake = record_usage(event.contract, [record], measured, world.ports)
	for _, error in intake.refused:
		raise error


def _outage(event: Outage, today: date, world: World) -> None:
	world.hosting.outage(event.instance, event.minutes, event.planned)


USAGE_VERBS: dict[type[Event], Callable[..., None]] = {Meter: _meter, Outage: _outage}
