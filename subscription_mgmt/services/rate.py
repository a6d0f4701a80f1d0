"""The customer rates a resolved ticket, and the vendor answers him publicly."""

from datetime import datetime

from subscription_mgmt.engine.ratings import rated, with_answer
from subscription_mgmt.services.support_ports import SupportPorts


def rate(name: str, stars: int, comment: str, now: datetime, ports: SupportPorts) -> None:
	ticket = ports.tickets.get(name)
	ports.tickets.save_rating(name, rated(ports.tickets.rating_of(name), ticket, stars, comment, now))


def answer_rating(name: str, answer: str, now: datetime, ports: SupportPorts) -> None:
	ticket = ports.tickets.get(name)
	ports.tickets.save_rating(name, with_answer(ports.tickets.rating_of(name), ticket, answer, now))
