"""Which tickets and credits does a scenario run with, and what does a payment set going?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from subscription_mgmt.adapters.memory import MemoryInvoice, MemoryLedger
from subscription_mgmt.adapters.memory_grants import MemoryGrants
from subscription_mgmt.adapters.memory_support import (
	MemoryCredits,
	MemoryPromises,
	MemoryTickets,
	MemoryTimers,
)
from subscription_mgmt.engine.catalogue import PackKind
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.services.expire_credits import expire_credits
from subscription_mgmt.services.grant_credits import grant_credits
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.resume_ticket import resume_ticket, waiting_for_credits
from subscription_mgmt.services.support_ports import SupportPorts
from subscription_mgmt.services.work import work
from subscription_mgmt.simulation.scenario_file import Scenario
from subscription_mgmt.simulation.support_catalogue import calendars_of, policies_of, topics_of
from subscription_mgmt.simulation.support_timeline import SupportTimeline
from subscription_mgmt.simulation.timeline import Timeline


@dataclass
class Support:
	"""`ordered`: minutes of work by ticket that wait for credits. `expires`: some credits end one day."""

	ports: SupportPorts
	tickets: MemoryTickets
	credits: MemoryCredits
	timeline: Timeline
	expires: bool = False
	ordered: dict[str, int] = field(default_factory=dict)
	_granted: set[str | None] = field(default_factory=set)

	@property
	def now(self) -> datetime:
		"""In UTC, where an hour after midnight is never the same as another."""
		return self.timeline.moment.astimezone(timezone.utc)

	def paid(self, invoices: Iterable[MemoryInvoice], today: date) -> None:
		"""Grant what the paid ones among `invoices` bring, and go on with what waited for it."""
		for record in invoices:
			if record.open <= 0 and record.invoice.name not in self._granted:
				self._granted.add(record.invoice.name)
				self._grant(record.invoice.lines, today)

	def covered(self, ledger: MemoryLedger, today: date) -> None:
		"""What a credit kept from before has paid needs no invoice."""
		while ledger.covered:
			self._grant(ledger.covered.pop(), today)

	def _grant(self, charges: Sequence[Charge], today: date) -> None:
		grant_credits(charges, True, today, self.now, self.ports)
		for charge in charges:
			if charge.kind is ChargeKind.PACK:
				pack = self.ports.base.catalogue.packs([charge.what])[charge.what]
				if pack.kind is PackKind.SUPPORT_HOURS:
					minutes = int(charge.quantity * pack.minutes)
					self.tickets.buy_hours(charge.customer, charge.contract, charge.charged_on, minutes)
		self._resume(charges[0].customer)

	def expire(self, today: date) -> None:
		for customer in list(self.credits.balances) if self.expires else ():
			expire_credits(customer, today, self.now, self.ports)

	def _resume(self, customer: str) -> None:
		for name in waiting_for_credits(customer, self.ports):
			if resume_ticket(name, self.now, self.ports) and name in self.ordered:
				work(name, self.ordered.pop(name), self.now, self.ports)


def support_of(scenario: Scenario, base: Ports, timeline: Timeline) -> Support:
	zone = ZoneInfo(scenario.timezone)
	desk = SupportTimeline(timeline, zone)
	tickets, credits = MemoryTickets(zone, desk.ticket_changed), MemoryCredits()
	customers = scenario.customers or {}
	policies = policies_of(scenario)
	promises = MemoryPromises(
		zone,
		policies,
		topics_of(scenario),
		calendars_of(scenario),
		scenario.engine_packs().values(),
		{name: entry.sla for name, entry in customers.items() if entry.sla is not None},
	)
	ports = SupportPorts(base, tickets, credits, promises, desk, MemoryTimers(), MemoryGrants())
	expires = any(policy.credits and policy.credits.expire_months for policy in policies.values())
	return Support(ports, tickets, credits, timeline, expires)
