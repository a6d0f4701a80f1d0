"""How many of the hours of its 12 months may a ticket still use?"""

from dataclasses import dataclass
from datetime import date, datetime

from subscription_mgmt.services.handling import term_of
from subscription_mgmt.services.support_ports import SupportPorts


@dataclass(frozen=True)
class Hours:
	"""Minutes. `until`: first day of the next 12 months. `beyond`: what becomes of further work."""

	cap: int
	bought: int
	worked: int
	until: date
	beyond: str

	@property
	def left(self) -> int:
		return max(0, self.cap + self.bought - self.worked)


def hours_left(name: str, now: datetime, ports: SupportPorts) -> Hours | None:
	"""None: its policy has no cap."""
	ticket = ports.tickets.get(name)
	policy = ports.promises.policy(ticket.policy) if ticket.policy else None
	if policy is None or policy.hour_cap is None:
		return None
	term = term_of(ticket, now, ports)
	bought = ports.tickets.minutes_bought(ticket.customer, ticket.contract, term)
	worked = ports.tickets.minutes_worked(ticket.customer, ticket.contract, term)
	return Hours(policy.hour_cap, bought, worked, term.end, policy.beyond_cap)
