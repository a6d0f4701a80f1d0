"""What happened when? The journal of a simulation, in the words of `shared/SCENARIOS.md`, Output."""

from datetime import date, datetime
from decimal import Decimal

from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice
from subscription_mgmt.engine.money import rounded
from subscription_mgmt.messages import worded


class Timeline:
	"""Events in order, each at the moment `now` was set to."""

	def __init__(self, decimals: int) -> None:
		self.events: list[dict] = []
		self.now: datetime | None = None
		self._decimals = decimals

	def add(self, type: str, **fields: object) -> None:
		assert self.now is not None, "the clock was not set"
		self.events.append({"at": self.now.isoformat(), "type": type, **fields})

	def money(self, amount: Decimal) -> str:
		return str(rounded(amount, self._decimals))

	def status_changed(self, before: Contract, after: Contract) -> None:
		self.add("contract", contract=after.name, status=after.status.value)

	def invoiced(self, invoice: Invoice) -> None:
		self.add(
			"invoice",
			customer=invoice.customer,
			contract=invoice.contract,
			due_on=invoice.due_on.isoformat(),
			total=self.money(invoice.total),
			lines=[self._line(charge) for charge in invoice.lines],
		)

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		"""Nothing: a scenario's author ordered these changes himself."""

	def paid(self, contract: Contract, amount: Decimal) -> None:
		self.add("payment", customer=contract.customer, contract=contract.name, amount=self.money(amount))

	def credit_changed(self, contract: Contract, change: Decimal, balance: Decimal) -> None:
		self.add(
			"account_credit",
			customer=contract.customer,
			contract=contract.name,
			change=self.money(change),
			balance=self.money(balance),
		)

	def rejected(self, do: str, error: DomainError) -> None:
		self.add("rejected", do=do, reason=worded(error), code=error.code)

	def parked(self, contract: str, error: DomainError) -> None:
		self.add("parked", contract=contract, reason=worded(error), code=error.code)

	def _line(self, charge: Charge) -> dict:
		line: dict[str, object] = {"kind": charge.kind.value, "what": charge.what}
		if charge.module:
			line["module"] = charge.module
		if charge.period:
			line["period_start"] = _day(charge.period.start)
			line["period_end"] = _day(charge.period.end)
		return {
			**line,
			"quantity": _plain(charge.quantity),
			"rate": self.money(charge.rate),
			"amount": self.money(charge.amount),
		}


def _day(day: date) -> str:
	return day.isoformat()


def _plain(quantity: Decimal) -> int | float:
	return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)
