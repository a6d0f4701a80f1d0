"""What may a scenario say of tickets and credits, and where is it wrong?"""

from collections.abc import Iterator
from typing import Literal

from subscription_mgmt.engine.catalogue import PackKind
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.simulation.catalogue_file import CatalogueFile
from subscription_mgmt.simulation.fields import Event, Name, Quantity
from subscription_mgmt.simulation.misfits import unknown
from subscription_mgmt.simulation.support_file import Severity


class BuyPack(Event):
	do: Literal["buy_pack"]
	customer: Name
	pack: Name
	quantity: Quantity = 1


class OpenTicket(Event):
	do: Literal["open_ticket"]
	ticket: Name
	customer: Name
	contract: Name | None = None
	licence: Name | None = None
	severity: Severity
	kind: TicketKind
	topic: Name | None = None
	channel: Name | None = None
	production: bool = True
	third_party: bool = False
	customised: bool = False


class Acknowledge(Event):
	do: Literal["acknowledge"]
	ticket: Name


class Wait(Event):
	do: Literal["wait"]
	ticket: Name


class CustomerReply(Event):
	do: Literal["customer_reply"]
	ticket: Name


class Work(Event):
	do: Literal["work"]
	ticket: Name
	minutes: Quantity


class SetSeverity(Event):
	do: Literal["set_severity"]
	ticket: Name
	severity: Severity
	reason: str


class Resolve(Event):
	do: Literal["resolve"]
	ticket: Name


SupportEvent = BuyPack | OpenTicket | Acknowledge | Wait | CustomerReply | Work | SetSeverity | Resolve


def support_misfits(
	offer: CatalogueFile, place: str, event: Event, tickets: set[str]
) -> Iterator[tuple[str, str]]:
	if isinstance(event, BuyPack):
		yield from unknown(f"{place}.pack", event.pack, offer.packs, "pack")
	if isinstance(event, OpenTicket):
		yield from unknown(f"{place}.topic", event.topic, offer.topics, "topic")
	elif (ticket := getattr(event, "ticket", None)) is not None and ticket not in tickets:
		yield f"{place}.ticket", f"no event opens a ticket {ticket}"


def promise_misfits(offer: CatalogueFile) -> Iterator[tuple[str, str]]:
	for name, policy in offer.sla_policies.items():
		yield from unknown(f"sla_policies.{name}.calendar", policy.calendar, offer.calendars, "calendar")
		for channel, calendar in policy.calendars_by_channel.items():
			yield from unknown(
				f"sla_policies.{name}.channels.{channel}", calendar, offer.calendars, "calendar"
			)
	for name, topic in offer.topics.items():
		offered = {*offer.packs, *(kind.value for kind in PackKind)}
		yield from unknown(f"topics.{name}.offer", topic.offer, offered, "pack or kind of pack")
