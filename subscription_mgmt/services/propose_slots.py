"""Propose the next free slots of the calendar for a training, and tell the customer to choose one.

Seed fr: "notre service Accompagnement & Projet vous contactera pour vous proposer des créneaux disponibles".
"""

from datetime import datetime

from subscription_mgmt.engine.training import free_slots, proposed
from subscription_mgmt.services.offer_ports import OfferPorts


def propose_slots(name: str, now: datetime, ports: OfferPorts) -> tuple[datetime, ...]:
	"""Also for another day than the one booked, which is then free again."""
	session = ports.trainings.get(name)
	taken = ports.trainings.taken(session, now)
	slots = free_slots(ports.trainings.clock(), now, session.minutes, taken)
	after = proposed(session, slots)
	ports.trainings.save(session, after)
	ports.training_news.tell(after, "proposed")
	return slots
