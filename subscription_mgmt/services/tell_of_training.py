"""Remind a customer of his training the day before, and send the conference link on the day."""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.training import due_news
from subscription_mgmt.services.offer_ports import OfferPorts


def tell_of_training(name: str, now: datetime, ports: OfferPorts) -> list[str]:
	"""What was told. Asked again, nothing is told twice."""
	session = ports.trainings.get(name)
	told = due_news(session, now, ports.trainings.zone())
	after = session
	for news in told:
		after = replace(after, reminded_at=now) if news == "reminder" else replace(after, link_sent_at=now)
		ports.training_news.tell(after, news)
	if told:
		ports.trainings.save(session, after)
	return told
