"""What do all the verbs of a ticket share: gathering it, noticing what was missed, asking for credits?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from subscription_mgmt.engine.near_deadlines import with_warnings
from subscription_mgmt.engine.periods import Interval, Period, period_containing
from subscription_mgmt.engine.routing import Route
from subscription_mgmt.engine.support_credits import credits_for, smallest_sufficient
from subscription_mgmt.engine.support_policies import SlaPolicy
from subscription_mgmt.engine.tickets import FINISHED, Ticket, breached, missed_before, timed
from subscription_mgmt.services.erase_access import erase_access_of
from subscription_mgmt.services.support_ports import SupportPorts


@dataclass(frozen=True)
class Case:
	"""A ticket as it is stored, and as it is with what was missed before anything is done now: target and deadline."""

	stored: Ticket
	ticket: Ticket
	missed: Sequence[tuple[str, datetime]]
	policy: SlaPolicy | None
	now: datetime


def gather(name: str, now: datetime, ports: SupportPorts) -> Case:
	ticket = stored = ports.tickets.get(name)
	missed = missed_before(stored, now)
	for target, _ in missed:
		ticket = breached(ticket, target)
	policy = ports.promises.policy(stored.policy) if stored.policy else None
	return Case(stored, ticket, missed, policy, now)


def apply(case: Case, after: Ticket, ports: SupportPorts) -> Ticket:
	"""Tell what was missed, and store the ticket with its deadlines as they are now. Never commits."""
	for target, due in case.missed:
		ports.desk.breached(case.ticket, target, due)
	after = with_deadlines(after, case.policy, ports)
	if after != case.stored:
		ports.tickets.save(case.stored, after)
	if after.status in FINISHED and case.stored.status not in FINISHED:
		erase_access_of(after.name, case.now, ports)
	return after


def with_deadlines(ticket: Ticket, policy: SlaPolicy | None, ports: SupportPorts) -> Ticket:
	clock = ports.promises.clock(policy, ticket.channel) if policy else None
	return with_warnings(timed(ticket, policy, clock), policy, clock)


def term_of(ticket: Ticket, now: datetime, ports: SupportPorts) -> Period:
	"""The 12 months whose hours a ticket uses: the contract's, or the calendar year without one."""
	day = ports.promises.day_of(ticket, now)
	if ticket.contract is None:
		return period_containing(day.replace(month=1, day=1), Interval.YEARLY, day)
	contract = ports.base.contracts.get(ticket.contract)
	return period_containing(contract.anchor or contract.start, Interval.YEARLY, day)


def cap_left(ticket: Ticket, policy: SlaPolicy | None, now: datetime, ports: SupportPorts) -> int | None:
	"""Minutes of the 12 months that are left; None: the policy has no cap."""
	if policy is None or policy.hour_cap is None:
		return None
	term = term_of(ticket, now, ports)
	bought = ports.tickets.minutes_bought(ticket.customer, ticket.contract, term)
	return policy.hour_cap + bought - ports.tickets.minutes_worked(ticket.customer, ticket.contract, term)


def credits_needed(ticket: Ticket, policy: SlaPolicy | None, minutes: int = 0) -> int:
	"""What the ticket costs when `minutes` more are worked, without what was charged before; 0 if it costs
	none."""
	charged_minutes = ticket.credit_minutes + minutes
	if policy is None or not (ticket.route is Route.CREDITS or charged_minutes):
		return 0
	cost = credits_for(ticket.kind, charged_minutes, policy.rules, ticket.flat_credits)
	return max(0, cost - ticket.charged)


def credits_free(ticket: Ticket, ports: SupportPorts) -> int:
	"""The customer's balance without what was worked for on his other tickets."""
	committed = 0
	for other in ports.tickets.unresolved_of(ticket.customer):
		if other.name != ticket.name and other.credit_minutes and other.policy:
			committed += credits_needed(other, ports.promises.policy(other.policy))
	return ports.credits.balance(ticket.customer) - committed


def warned(
	ticket: Ticket, policy: SlaPolicy | None, minutes: int, now: datetime, ports: SupportPorts
) -> Ticket:
	"""The ticket, waiting for credits if `minutes` more of work cost more than there are.

	Seed es: "el cliente será advertido previamente, para que adquiera el pack mínimo de créditos necesarios".
	"""
	needed, free = credits_needed(ticket, policy, minutes), 0
	if needed:
		free = credits_free(ticket, ports)
	if needed <= free:
		return ticket
	packs = ports.promises.credit_packs(has_contract=ticket.contract is not None)
	pack = smallest_sufficient(needed - free, packs)
	ports.desk.tell(
		ticket.customer,
		"too_few_credits",
		ticket,
		needed=needed,
		balance=max(free, 0),
		pack=pack.pack if pack else None,
		quantity=pack.quantity if pack else None,
	)
	return replace(ticket.moved("credits_missing", now), asked_minutes=minutes)
