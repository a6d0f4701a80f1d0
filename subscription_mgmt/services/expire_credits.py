"""Take away the credits that nobody used before they ended."""

from datetime import date, datetime

from subscription_mgmt.engine.support_credits import CreditLine, LineKind, expired
from subscription_mgmt.services.booking import book
from subscription_mgmt.services.support_ports import SupportPorts


def expire_credits(customer: str, today: date, now: datetime, ports: SupportPorts) -> None:
	"""Harmless however often it runs."""
	balance = ports.credits.balance(customer)
	for grant, left in expired(ports.credits.lines_of(customer), today):
		change = -min(left, balance)
		if change:
			line = CreditLine(f"expiry|{grant.key}", customer, LineKind.EXPIRY, change, now, source=grant.key)
			balance = book(line, ports)
