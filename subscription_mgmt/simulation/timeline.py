"""What happened when? The journal and the notices of a simulation, in the words of `shared/SCENARIOS.md`, Output."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.invoicing import Invoice
from subscription_mgmt.engine.licences import Licence
from subscription_mgmt.engine.money import rounded
from subscription_mgmt.messages import worded


class Timeline:
	"""Events in order, each at the moment `now` was set to."""

	def __init__(self, decimals: int) -> None:
		self.events: list[dict] = []
		self.now: datetime | None = None
		self._decimals = decimals

	@property
	def moment(self) -> datetime:
		assert self.now is not None, "the clock was not set"
		return self.now

	def add(self, type: str, **fields: object) -> None:
		self.events.append({"at": self.moment.isoformat(), "type": type, **fields})

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

	def access_changed(self, contract: Contract, mode: Mode) -> None:
		self.add("access", contract=contract.name, instance=contract.instance, mode=mode.value)

	def deletion_waits(self, contract: Contract, reasons: Sequence[str]) -> None:
		self.add("deletion_waits", contract=contract.name, reasons=list(reasons))

	def data_deleted(self, contract: Contract) -> None:
		self.add("data_deleted", contract=contract.name, instance=contract.instance)

	def send(self, contract: Contract, kind: str, **figures: object) -> None:
		told = {name: _told(value) for name, value in figures.items() if value is not None}
		if isinstance(price := figures.get("price"), Decimal):
			told["price"] = self.money(price)
		self.add("notice", customer=contract.customer, contract=contract.name, kind=kind, **told)

	def were_delivered(self, contract: Contract, kind: str) -> bool:
		return True

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		"""Nothing: a scenario's author ordered these changes himself."""

	def paid(self, contract: Contract, amount: Decimal) -> None:
		self.add("payment", customer=contract.customer, contract=contract.name, amount=self.money(amount))

	def paid_sales(self, customer: str, amount: Decimal) -> None:
		self.add("payment", customer=customer, contract=None, amount=self.money(amount))

	def licence_changed(self, licence: Licence) -> None:
		self.add(
			"licence",
			licence=licence.name,
			status=licence.status.value,
			modules=list(licence.modules),
			functions=list(licence.working),
			deployment=licence.deployment.value,
			updates_until=_day(licence.updates_until) if licence.updates_until else None,
		)

	def credit_changed(self, customer: str, contract: str | None, change: Decimal, balance: Decimal) -> None:
		self.add(
			"account_credit",
			customer=customer,
			contract=contract,
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


def _told(figure: object) -> object:
	if isinstance(figure, date):
		return _day(figure)
	return _plain(figure) if isinstance(figure, Decimal) else figure


def _plain(quantity: Decimal) -> int | float:
	return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)
