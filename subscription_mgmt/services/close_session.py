"""Say what became of a training: held, missed by the customer, or cancelled."""

from datetime import datetime

from subscription_mgmt.engine.training import cancelled, held, missed
from subscription_mgmt.services.offer_ports import OfferPorts


def hold_session(name: str, now: datetime, ports: OfferPorts) -> None:
	session = ports.trainings.get(name)
	ports.trainings.save(session, held(session, now))


def miss_session(name: str, now: datetime, ports: OfferPorts) -> None:
	session = ports.trainings.get(name)
	after = missed(session, now)
	ports.trainings.save(session, after)
	ports.training_news.tell(after, "missed")


def cancel_session(name: str, ports: OfferPorts) -> None:
	session = ports.trainings.get(name)
	after = cancelled(session)
	ports.trainings.save(session, after)
	ports.training_news.tell(after, "cancelled")
