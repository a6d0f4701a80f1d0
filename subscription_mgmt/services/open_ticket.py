"""Take in a ticket: which way does it go, by when, and does the customer have the credits for it?"""

from dataclasses import replace
from datetime import date, datetime

from subscription_mgmt.engine.contracts import Contract, Status, check_running
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.licences import Licence, LicenceStatus
from subscription_mgmt.engine.routing import REFUSED, Route, check_channel, route_of
from subscription_mgmt.engine.support_policies import SlaPolicy, Topic
from subscription_mgmt.engine.tickets import Ticket, TicketStatus, check_severity
from subscription_mgmt.services.handling import cap_left, warned, with_deadlines
from subscription_mgmt.services.support_ports import SupportPorts


def open_ticket(name: str, now: datetime, ports: SupportPorts) -> None:
	"""The ticket is stored as it was asked for; its policy, route and deadlines are decided here."""
	asked = ports.tickets.get(name)
	ports.tickets.save(asked, opened(asked, now, ports))


def opened(asked: Ticket, now: datetime, ports: SupportPorts) -> Ticket:
	"""Of somebody whom nobody knows (customer empty), nothing is asked, and nothing is promised to him."""
	if asked.customer:
		check_customer(asked.customer, ports)
	policy = _policy(asked, now, ports)
	topic = ports.promises.topic(asked.topic) if asked.topic else None
	check_channel(policy, asked.channel)
	check_severity(asked)
	ticket = _routed(asked, policy, topic, now, ports)
	if ticket.route in (Route.SLA, Route.CREDITS) and asked.policy is None:
		_tell_of_hours(ticket, policy, now, ports)
	if ticket.route is Route.CREDITS:
		ticket = warned(ticket, policy, ticket.asked_minutes, now, ports)
	return with_deadlines(ticket, policy, ports)


def check_customer(customer: str, ports: SupportPorts) -> None:
	if ports.base.customers.is_disabled(customer):
		raise DomainError("customer_disabled", customer=customer)


def _policy(asked: Ticket, now: datetime, ports: SupportPorts) -> SlaPolicy | None:
	"""That of the contract's plan or packs, of the licence's while its updates last, else the customer's own."""
	name = None
	if asked.contract is not None:
		contract = _served(asked, ports.base.contracts.get(asked.contract), now, ports)
		name = _promised(contract, ports.promises.day_of(asked, now), ports)
	elif asked.licence is not None:
		name = _licensed(asked, ports.base.licences.get(asked.licence), now, ports)
	name = name or (ports.promises.policy_of(asked.customer) if asked.customer else None)
	return ports.promises.policy(name) if name else None


def _promised(contract: Contract, day: date, ports: SupportPorts) -> str | None:
	"""Seed fr: "Le pack assistance [...] est compris dans certains abonnements, mais pas dans tous"."""
	if own := ports.base.catalogue.plan(contract.plan).sla:
		return own
	packs = ports.base.catalogue.packs(line.pack for line in contract.packs if line.runs_on(day))
	return next((pack.sla for pack in packs.values() if pack.sla), None)


def _served(asked: Ticket, contract: Contract, now: datetime, ports: SupportPorts) -> Contract:
	if contract.customer != asked.customer:
		raise DomainError("ticket_on_another_contract", contract=contract.name, customer=asked.customer)
	check_running(contract, ports.promises.day_of(asked, now))
	if contract.status is Status.SUSPENDED:
		raise DomainError("suspended_pays_first", contract=contract.name)
	return contract


def _licensed(asked: Ticket, licence: Licence, now: datetime, ports: SupportPorts) -> str | None:
	"""Seed es: "Los compradores de nuestros módulos gozarán de un año de soporte técnico y de nuevas
	actualizaciones"."""
	if licence.customer != asked.customer:
		raise DomainError("ticket_on_another_licence", licence=licence.name, customer=asked.customer)
	until = licence.updates_until if licence.status is LicenceStatus.ISSUED else None
	lasts = until is not None and ports.promises.day_of(asked, now) < until
	return ports.base.catalogue.plan(licence.plan).sla if lasts else None


def _routed(
	asked: Ticket, policy: SlaPolicy | None, topic: Topic | None, now: datetime, ports: SupportPorts
) -> Ticket:
	left = cap_left(asked, policy, now, ports)
	route = route_of(policy, topic, asked.kind, asked.customised, left)
	return replace(
		asked,
		policy=policy.name if policy else None,
		route=route,
		status=TicketStatus.CLOSED if route in REFUSED else asked.status,
		offer=topic.offer if topic and route in (Route.EXCLUDED, Route.QUOTE) else None,
		flat_credits=topic.flat_credits if topic else 0,
	)


def _tell_of_hours(ticket: Ticket, policy: SlaPolicy | None, now: datetime, ports: SupportPorts) -> None:
	assert policy is not None
	clock = ports.promises.clock(policy, ticket.channel)
	if not clock.is_working(now):
		ports.desk.tell(ticket.customer, "out_of_hours", ticket, resumes_at=clock.resumes_at(now))
