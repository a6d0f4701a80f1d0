"""Book the slot that the customer chose for his training, and send the invitation."""

from datetime import datetime

from subscription_mgmt.engine.training import chosen
from subscription_mgmt.services.offer_ports import OfferPorts


def choose_slot(name: str, slot: datetime, now: datetime, ports: OfferPorts) -> None:
	"""Of two who choose the same moment of one trainer, the second is refused."""
	session = ports.trainings.get(name)
	taken = ports.trainings.taken(session, now)
	after = chosen(session, slot, now, taken)
	ports.trainings.save(session, after)
	ports.training_news.tell(after, "booked")
