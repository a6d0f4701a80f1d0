"""What do the services need from the outside? Each port has two implementations: records of a site, and memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.catalogue import Pack, Plan, ServiceModule
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.invoicing import Invoice
from subscription_mgmt.engine.licences import Licence
from subscription_mgmt.engine.periods import Period
from subscription_mgmt.engine.policies import DunningPolicy
from subscription_mgmt.engine.quotas import Standing
from subscription_mgmt.engine.usage import UsageRecord
from subscription_mgmt.engine.users import ContractUser


class Contracts(Protocol):
	def get(self, name: str) -> Contract:
		"""The contract, locked until the caller commits. Raises DomainError `unknown_contract`."""

	def save(self, before: Contract, after: Contract) -> None: ...

	def on_instance(self, instance: str) -> Sequence[Contract]:
		"""Every contract that ever served the instance, drafts left out."""


class Catalogue(Protocol):
	def plan(self, name: str) -> Plan:
		"""Raises DomainError `unknown_plan`."""

	def packs(self, names: Iterable[str]) -> Mapping[str, Pack]:
		"""Raises DomainError `unknown_pack`."""

	def modules(self) -> Mapping[str, ServiceModule]:
		"""Every service module by its name."""

	def dunning(self, name: str) -> DunningPolicy: ...


class Customers(Protocol):
	def is_disabled(self, name: str) -> bool: ...

	def grace_days(self, name: str) -> int:
		"""Days the customer is given on top of his dunning policy's."""


class Ledger(Protocol):
	def charges_of(self, contract: str) -> Sequence[Charge]:
		"""Every charge of the contract, oldest first."""

	def add(self, contract: Contract, charges: Sequence[Charge]) -> None:
		"""Raises DomainError `charged_before` when one of the keys is taken."""

	def waiting(self, contract: str) -> Sequence[Charge]:
		"""What is charged and not invoiced yet."""

	def invoice(self, contract: Contract, today: date) -> Sequence[Invoice]:
		"""Invoice whatever of the contract is charged and not invoiced yet; nothing when that is nothing."""

	def sell(self, charges: Sequence[Charge], today: date) -> Sequence[Invoice]:
		"""Charge and invoice what one customer buys without a contract: charges whose `contract` is None, and
		credits that take back charges of his contracts. Raises DomainError `charged_before`."""

	def oldest_due(self, contract: Contract) -> date | None:
		"""Due date of the oldest invoice since `contract.debts_from` on which something is open."""

	def paid(self, contract: str) -> Decimal:
		"""What was paid on the contract so far, payments taken back left out."""


class Licences(Protocol):
	def get(self, name: str) -> Licence:
		"""The licence, locked until the caller commits. Raises DomainError `unknown_licence`."""

	def save(self, before: Licence, after: Licence) -> None: ...

	def converted_to(self, contract: str) -> str | None:
		"""The licence sold in place of the contract, if one was."""

	def open_hosting(self, licence: Licence, hosting: Contract) -> str:
		"""Store a Draft contract that hosts the licence; its name."""

	def noted(self, licence: Licence, code: str, **figures: object) -> None:
		"""The licence changed; worded by `messages.py`."""


class Hosting(Protocol):
	"""The door to customers' systems: a mode is ordered here, and asked for as it really is."""

	def mode(self, instance: str) -> Mode | None:
		"""The mode last ordered; None: none yet."""

	def order(self, contract: Contract, mode: Mode) -> None: ...

	def is_in_force(self, instance: str, mode: Mode) -> bool:
		"""Whether the instance is known to be in that mode now; False when in doubt."""

	def has_final_backup(self, contract: Contract) -> bool:
		"""Whether a verified backup from after the restriction exists; one is ordered if not. False when in doubt."""

	def is_released(self, contract: Contract) -> bool:
		"""Whether the persons whom the settings ask for have agreed to delete the data."""

	def delete(self, contract: Contract) -> None: ...


class Notices(Protocol):
	def send(self, contract: Contract, kind: str, **figures: object) -> None:
		"""Tell the customer. `kind`: reminder, renewal, restriction, deletion, quota_80, quota_100 or blocked."""

	def were_delivered(self, contract: Contract, kind: str) -> bool:
		"""Whether none of the notices of that kind is known to have failed."""


class Usage(Protocol):
	"""What was metered. Days and months are the contract's own."""

	def known(self, contract: str, keys: Iterable[str]) -> Mapping[str, UsageRecord]:
		"""The records that have one of the keys."""

	def add(self, contract: Contract, records: Sequence[UsageRecord]) -> None:
		"""Raises DomainError `usage_sent_at_once` when one of the keys was taken in at the same moment."""

	def since(self, contract: str, day: date) -> Sequence[UsageRecord]:
		"""Records measured from `day` on, and for each metric and module the last one before it."""

	def standings(
		self, contract: str, month: Period, metrics: Iterable[str]
	) -> Mapping[tuple[str, str | None], Standing]:
		"""What was recorded in the month by metric and module, in a few queries however much it is."""

	def unbilled_from(self, contract: str) -> date | None:
		"""The day of the oldest record that no bill has seen."""

	def billed(self, contract: str, until: date | None) -> None:
		"""A bill has seen every record measured before `until` (None: all)."""


class Users(Protocol):
	"""Who is registered on a contract."""

	def of(self, contract: str) -> Sequence[ContractUser]:
		"""By login."""

	def save(
		self, contract: Contract, before: Sequence[ContractUser], after: Sequence[ContractUser]
	) -> None: ...


class Journal(Protocol):
	def status_changed(self, before: Contract, after: Contract) -> None: ...

	def access_changed(self, contract: Contract, mode: Mode) -> None: ...

	def invoiced(self, invoice: Invoice) -> None: ...

	def deletion_waits(self, contract: Contract, reasons: Sequence[str]) -> None: ...

	def data_deleted(self, contract: Contract) -> None: ...

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		"""A change worth knowing later that is neither of these; worded by `messages.py`."""


@dataclass(frozen=True)
class Ports:
	contracts: Contracts
	catalogue: Catalogue
	customers: Customers
	ledger: Ledger
	hosting: Hosting
	notices: Notices
	journal: Journal
	licences: Licences
	usage: Usage
	users: Users
