"""Take in a ticket: which way does it go, by when, and does the customer have the credits for it?"""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.contracts import Contract, Status, check_running
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.routing import REFUSED, Route, check_channel, route_of
from subscription_mgmt.engine.support_policies import SlaPolicy, Topic
from subscription_mgmt.engine.tickets import Ticket, TicketStatus, check_severity
from subscription_mgmt.services.handling import cap_left, warned, with_deadlines
from subscription_mgmt.services.support_ports import SupportPorts


def open_ticket(name: str, now: datetime, ports: SupportPorts) -> None:
	"""The ticket is stored as it was asked for; its policy, route and deadlines are decided here."""
	asked = ports.tickets.get(name)
	check_customer(asked.customer, ports)
	policy = _policy(asked, now, ports)
	topic = ports.promises.topic(asked.topic) if asked.topic else None
	check_channel(policy, asked.channel)
	check_severity(asked)
	ticket = _routed(asked, policy, topic, now, ports)
	if ticket.route in (Route.SLA, Route.CREDITS):
		_tell_of_hours(ticket, policy, now, ports)
		ticket = warned(ticket, policy, 0, now, ports) if ticket.route is Route.CREDITS else ticket
	ports.tickets.save(asked, with_deadlines(ticket, policy, ports))


def check_customer(customer: str, ports: SupportPorts) -> None:
	if ports.base.customers.is_disabled(customer):
		raise DomainError("customer_disabled", customer=customer)


def _policy(asked: Ticket, now: datetime, ports: SupportPorts) -> SlaPolicy | None:
	"""That of the contract's plan, else the customer's own."""
	name = None
	if asked.contract is not None:
		contract = _served(asked, ports.base.contracts.get(asked.contract), now, ports)
		name = ports.base.catalogue.plan(contract.plan).sla
	name = name or ports.promises.policy_of(asked.customer)
	return ports.promises.policy(name) if name else None


def _served(asked: Ticket, contract: Contract, now: datetime, ports: SupportPorts) -> Contract:
	if contract.customer != asked.customer:
		raise DomainError("ticket_on_another_contract", contract=contract.name, customer=asked.customer)
	check_running(contract, ports.promises.day_of(asked, now))
	if contract.status is Status.SUSPENDED:
		raise DomainError("suspended_pays_first", contract=contract.name)
	return contract


def _routed(
	asked: Ticket, policy: SlaPolicy | None, topic: Topic | None, now: datetime, ports: SupportPorts
) -> Ticket:
	left = cap_left(asked, policy, now, ports)
	route = route_of(policy, topic, asked.kind, asked.customised, left)
	return replace(
		asked,
		policy=policy.name if policy else None,
		route=route,
		status=TicketStatus.CLOSED if route in REFUSED else TicketStatus.OPEN,
		offer=topic.offer if topic and route in (Route.EXCLUDED, Route.QUOTE) else None,
		flat_credits=topic.flat_credits if topic else 0,
	)


def _tell_of_hours(ticket: Ticket, policy: SlaPolicy | None, now: datetime, ports: SupportPorts) -> None:
	assert policy is not None
	clock = ports.promises.clock(policy)
	if not clock.is_working(now):
		ports.desk.tell(ticket.customer, "out_of_hours", ticket, resumes_at=clock.resumes_at(now))
