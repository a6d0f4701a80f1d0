"""What may a scenario say of usage, outages and failing backups, and where is it wrong?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator

from subscription_mgmt.simulation.catalogue_file import CatalogueFile
from subscription_mgmt.simulation.fields import LARGEST_AMOUNT, Event, Moment, Name, Quantity
from subscription_mgmt.simulation.misfits import unknown


def _measured(value: object) -> Decimal:
	"""Any number: a negative one is a meter's mistake, which the rules refuse while the scenario runs."""
	if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
		raise ValueError("must be a number like 3")
	try:
		number = Decimal(value)
	except ArithmeticError:
		raise ValueError(f"{value} is not a number like 3") from None
	if not number.is_finite() or abs(number) > LARGEST_AMOUNT:
		raise ValueError(f"{value} is not a number like 3")
	return number


class Meter(Event):
	do: Literal["meter"]
	contract: Name
	metric: Name
	value: Annotated[Decimal, BeforeValidator(_measured)]
	module: Name | None = None
	key: Name | None = None


class Outage(Event):
	do: Literal["outage"]
	instance: Name
	minutes: Quantity
	planned: bool = False


class BackupsFail(Event):
	do: Literal["backups_fail"]
	instance: Name
	until: Moment


def usage_misfits(offer: CatalogueFile, place: str, event: Event) -> Iterator[tuple[str, str]]:
	if isinstance(event, Meter) and offer.modules:
		yield from unknown(f"{place}.module", event.module, offer.modules, "module")
	if isinstance(event, BackupsFail) and event.until < event.at:
		yield f"{place}.until", f"{event.until:%Y-%m-%d %H:%M} is before {event.at:%Y-%m-%d %H:%M}"
