"""When does the watch find a deadline that has passed? It looks every five minutes, unless no job runs."""

from datetime import datetime, time, timedelta, timezone

from subscription_mgmt.services.watch_deadlines import watch_deadlines
from subscription_mgmt.simulation.verbs import World

EVERY = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def watch(world: World, until: datetime) -> None:
	"""Every look before `until`, from where the clock stands. What happens at the moment of a look comes
	before it."""
	tickets, zone = world.support.tickets, until.tzinfo
	end = until.astimezone(timezone.utc)
	while (found := tickets.next_due()) is not None:
		due, name = found
		look = _look_at(max(due, _began(world)), world)
		if look >= end:
			return
		world.timeline.now = look.astimezone(zone)
		watch_deadlines(name, look, world.support.ports)


def _look_at(moment: datetime, world: World) -> datetime:
	"""The first look that is not before `moment`, and not while the scheduler is down."""
	look = EPOCH + -((EPOCH - moment) // EVERY) * EVERY
	if world.scheduler_down_until is not None:
		zone = world.timeline.moment.tzinfo
		up = datetime.combine(world.scheduler_down_until, time(0), zone).astimezone(timezone.utc)
		return max(look, up) if moment < up else look
	return look


def _began(world: World) -> datetime:
	return world.timeline.moment.astimezone(timezone.utc)
