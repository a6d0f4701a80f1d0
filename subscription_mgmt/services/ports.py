"""What do the services need from the outside? Each port has two implementations: records of a site, and memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from subscription_mgmt.engine.catalogue import Pack, Plan
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.invoicing import Invoice


class Contracts(Protocol):
	def get(self, name: str) -> Contract:
		"""The contract, locked until the caller commits. Raises DomainError `unknown_contract`."""

	def save(self, before: Contract, after: Contract) -> None: ...


class Catalogue(Protocol):
	def plan(self, name: str) -> Plan:
		"""Raises DomainError `unknown_plan`."""

	def packs(self, names: Iterable[str]) -> Mapping[str, Pack]:
		"""Raises DomainError `unknown_pack`."""


class Customers(Protocol):
	def is_disabled(self, name: str) -> bool: ...


class Ledger(Protocol):
	def charges_of(self, contract: str) -> Sequence[Charge]:
		"""Every charge of the contract, oldest first."""

	def add(self, contract: Contract, charges: Sequence[Charge]) -> None:
		"""Raises DomainError `charged_before` when one of the keys is taken."""

	def invoice(self, contract: Contract, today: date) -> Sequence[Invoice]:
		"""Invoice whatever of the contract is charged and not invoiced yet; nothing when that is nothing."""


class Journal(Protocol):
	def status_changed(self, before: Contract, after: Contract) -> None: ...

	def invoiced(self, invoice: Invoice) -> None: ...

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		"""A change worth knowing later that is neither a status nor an invoice; worded by `messages.py`."""


@dataclass(frozen=True)
class Ports:
	contracts: Contracts
	catalogue: Catalogue
	customers: Customers
	ledger: Ledger
	journal: Journal
