"""Which contracts owe nothing for the months of usage that are over? Most stay within their quota."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.applying import due, gather
from subscription_mgmt.services.ports import Ports


def quiet_usage(
	contracts: Iterable[tuple[Contract, date]], ports: Ports
) -> Iterator[tuple[Contract, Contract]]:
	"""(before, after) of those for which billing would do no more than note the month as billed.

	Decided by the code that bills. Whoever owes something, or cannot be billed, is left to it.
	"""
	for contract, today in contracts:
		try:
			plan, packs = gather(contract, ports)
			outcome = due(contract, plan, packs, today, ports)
		except DomainError:
			continue  # billing parks it, with the reason
		month_closed = replace(contract, usage_from=outcome.contract.usage_from)
		if not outcome.charges and outcome.contract == month_closed != contract:
			yield contract, month_closed
