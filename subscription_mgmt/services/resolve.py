"""Resolve a ticket: closed, charged to the customer's credits, and the new balance told."""

from dataclasses import replace
from datetime import datetime

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.support_credits import CreditLine, LineKind
from subscription_mgmt.engine.support_policies import CreditRules, SlaPolicy
from subscription_mgmt.engine.tickets import Ticket, TicketStatus, resolved
from subscription_mgmt.services.booking import warn_of_low_balance
from subscription_mgmt.services.handling import apply, credits_needed, gather
from subscription_mgmt.services.support_ports import SupportPorts


def resolve(name: str, now: datetime, ports: SupportPorts) -> None:
	"""Raises DomainError `too_few_credits` rather than take more than there is: the ticket stays as it
	was."""
	case = gather(name, now, ports)
	if case.ticket.status is TicketStatus.NEEDS_CREDITS:
		needed = credits_needed(case.ticket, case.policy, case.ticket.asked_minutes)
		raise _too_few(case.ticket, needed, ports)
	after = resolved(case.ticket, now)
	due = credits_needed(after, case.policy)
	if due and due > ports.credits.balance(after.customer):
		raise _too_few(after, due, ports)
	after = apply(case, replace(after, charged=after.charged + due), ports)
	if due:
		_charge(after, due, case.policy, now, ports)


def _too_few(ticket: Ticket, needed: int, ports: SupportPorts) -> DomainError:
	balance = ports.credits.balance(ticket.customer)
	return DomainError("too_few_credits", customer=ticket.customer, needed=needed, balance=balance)


def _charge(ticket: Ticket, due: int, policy: SlaPolicy | None, now: datetime, ports: SupportPorts) -> None:
	"""Seed es: "se le descontará la cantidad de créditos utilizados [...] informando al cliente de su
	saldo"."""
	# What was charged so far grows with every use, so a ticket opened again has another key.
	key = f"use|{ticket.name}|{ticket.charged}"
	line = CreditLine(key, ticket.customer, LineKind.USE, -due, now, ticket=ticket.name)
	balance = ports.credits.add(line)
	ports.desk.credited(line, balance)
	ports.desk.tell(ticket.customer, "new_balance", ticket, balance=balance)
	warn_of_low_balance(line, balance, policy.rules if policy else CreditRules(), ticket, ports)
