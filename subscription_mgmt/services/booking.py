"""How does a line come into a customer's credit ledger, and who hears of it?"""

from subscription_mgmt.engine.support_credits import CreditLine, crosses_low_balance
from subscription_mgmt.engine.support_policies import CreditRules
from subscription_mgmt.engine.tickets import Ticket
from subscription_mgmt.services.support_ports import SupportPorts


def book(line: CreditLine, ports: SupportPorts) -> int:
	"""The balance then. For every line that is not a use; the customer is warned when it leaves few credits."""
	balance = ports.credits.add(line)
	ports.desk.credited(line, balance)
	warn_of_low_balance(line, balance, rules_of(line.customer, ports), None, ports)
	return balance


def warn_of_low_balance(
	line: CreditLine, balance: int, rules: CreditRules, ticket: Ticket | None, ports: SupportPorts
) -> None:
	if crosses_low_balance(balance - line.change, balance, rules):
		ports.desk.tell(line.customer, "low_balance", ticket, balance=balance)


def rules_of(customer: str, ports: SupportPorts) -> CreditRules:
	"""Those of the customer's own policy."""
	name = ports.promises.policy_of(customer)
	return ports.promises.policy(name).rules if name else CreditRules()
