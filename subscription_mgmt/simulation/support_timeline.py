"""What happened to tickets and credits, in the words of `shared/SCENARIOS.md`, Output?"""

from datetime import datetime
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.support_credits import CreditLine
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.simulation.timeline import Timeline


class SupportTimeline:
	"""Implements `support_ports.Desk`, and prints a ticket whenever one of its fields changes."""

	def __init__(self, timeline: Timeline, zone: ZoneInfo) -> None:
		self._timeline, self._zone = timeline, zone
		self._printed: dict[str, dict[str, object]] = {}

	def ticket_changed(self, ticket: Ticket) -> None:
		fields: dict[str, object] = {
			"ticket": ticket.name,
			"customer": ticket.customer,
			"contract": ticket.contract,
			"licence": ticket.licence,
			"status": ticket.status.value,
			"severity": ticket.severity,
			"route": ticket.route.value,
			"respond_by": None if ticket.responded_at else self._moment(ticket.respond_by),
			"resolve_by": self._moment(ticket.resolve_by),
			"offer": ticket.offer,
		}
		fields = {name: value for name, value in fields.items() if value is not None}
		if self._printed.get(ticket.name) != fields:
			self._printed[ticket.name] = fields
			self._timeline.add("ticket", **fields)

	def tell(self, customer: str, kind: str, ticket: Ticket | None = None, **figures: object) -> None:
		told = {
			name: self._moment(figure) if isinstance(figure, datetime) else figure
			for name, figure in figures.items()
			if figure is not None
		}
		about = {"ticket": ticket.name} if ticket else {}
		self._timeline.add("notice", customer=customer, **about, kind=kind, **told)

	def credited(self, line: CreditLine, balance: int) -> None:
		about = {"ticket": line.ticket} if line.ticket else {}
		self._timeline.add(
			"credits",
			customer=line.customer,
			change=line.change,
			balance=balance,
			kind=line.kind.value,
			**about,
		)

	def breached(self, ticket: Ticket, target: str, due: datetime) -> None:
		self._timeline.add(
			"breach", ticket=ticket.name, customer=ticket.customer, target=target, due=self._moment(due)
		)

	def near(self, ticket: Ticket, target: str, due: datetime) -> None:
		"""Nothing: a scenario's policies warn nobody."""

	def merged(self, duplicate: Ticket, main: Ticket) -> None:
		"""Nothing: a scenario's tickets have no conversation."""

	def remarked(self, ticket: Ticket, code: str, **figures: object) -> None:
		"""Nothing: a scenario's author ordered these changes himself."""

	def _moment(self, moment: datetime | None) -> str | None:
		return moment.astimezone(self._zone).isoformat() if moment else None
