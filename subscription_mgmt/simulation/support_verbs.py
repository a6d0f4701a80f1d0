"""What do the support verbs of a scenario call?"""

from collections.abc import Callable
from datetime import date

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.services.acknowledge import acknowledge
from subscription_mgmt.services.buy_pack import buy_pack
from subscription_mgmt.services.customer_reply import customer_reply
from subscription_mgmt.services.open_ticket import open_ticket
from subscription_mgmt.services.resolve import resolve
from subscription_mgmt.services.set_severity import set_severity
from subscription_mgmt.services.wait import wait
from subscription_mgmt.services.work import Work, work
from subscription_mgmt.simulation import support_events as file
from subscription_mgmt.simulation.fields import Event
from subscription_mgmt.simulation.verbs import World


def _buy_pack(event: file.BuyPack, today: date, world: World) -> None:
	# What is sold shows on the timeline, so its length names the order.
	order = str(len(world.timeline.events))
	buy_pack(
		event.customer,
		event.pack,
		event.quantity,
		world.currency,
		world.decimals,
		order,
		today,
		world.support.ports,
	)


def _open_ticket(event: file.OpenTicket, today: date, world: World) -> None:
	support = world.support
	support.tickets.add(
		Ticket(
			name=event.ticket,
			customer=event.customer,
			contract=event.contract,
			licence=event.licence,
			severity=event.severity,
			kind=event.kind,
			topic=event.topic,
			channel=event.channel or "",
			production=event.production,
			third_party=event.third_party,
			customised=event.customised,
			opened_at=support.now,
		)
	)
	try:
		open_ticket(event.ticket, support.now, support.ports)
	except DomainError:
		support.tickets.remove(event.ticket)
		raise


def _acknowledge(event: file.Acknowledge, today: date, world: World) -> None:
	acknowledge(event.ticket, world.support.now, world.support.ports)


def _wait(event: file.Wait, today: date, world: World) -> None:
	wait(event.ticket, world.support.now, world.support.ports)


def _customer_reply(event: file.CustomerReply, today: date, world: World) -> None:
	customer_reply(event.ticket, world.support.now, world.support.ports)


def _work(event: file.Work, today: date, world: World) -> None:
	"""Work that waits for credits is done when they come."""
	support = world.support
	minutes = event.minutes + support.ordered.get(event.ticket, 0)
	done = work(event.ticket, minutes, support.now, support.ports)
	support.ordered.pop(event.ticket, None)
	if done is Work.WAITS_FOR_CREDITS:
		support.ordered[event.ticket] = minutes
	elif done is Work.DECLINED:
		raise DomainError("hour_cap_used", ticket=event.ticket)


def _set_severity(event: file.SetSeverity, today: date, world: World) -> None:
	set_severity(event.ticket, event.severity, event.reason, world.support.now, world.support.ports)


def _resolve(event: file.Resolve, today: date, world: World) -> None:
	resolve(event.ticket, world.support.now, world.support.ports)


SUPPORT_VERBS: dict[type[Event], Callable[..., None]] = {
	file.BuyPack: _buy_pack,
	file.OpenTicket: _open_ticket,
	file.Acknowledge: _acknowledge,
	file.Wait: _wait,
	file.CustomerReply: _customer_reply,
	file.Work: _work,
	file.SetSeverity: _set_severity,
	file.Resolve: _resolve,
}
