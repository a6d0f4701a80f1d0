"""What kinds of value does a scenario file hold, and which of them are refused?"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from subscription_mgmt.engine.periods import Interval

PLAIN_DATE_TIME = time(0, 10)  # SCENARIOS: "a plain date being 00:10"
# Beyond these a slip of the keyboard is likelier than an offer, and days and cents can no longer be counted.
FIRST_YEAR, LAST_YEAR = 1970, 2199
LARGEST_AMOUNT = Decimal("999999999999.99")
MOST_DAYS, MOST_MONTHS, LARGEST_QUANTITY = 36_500, 1_200, 1_000_000


class FileModel(BaseModel):
	model_config = ConfigDict(extra="forbid", frozen=True)

	@model_validator(mode="before")
	@classmethod
	def nothing_said_is_an_empty_entry(cls, value: object) -> object:
		"""`Acme:` is `Acme: {}`; where something has to be said, it is missing."""
		return {} if value is None else value


def _name(value: object) -> str:
	if isinstance(value, bool) or not isinstance(value, (str, int, date)) or not str(value).strip():
		raise ValueError("must be a name")
	return str(value)


def _zone(value: str) -> str:
	try:
		ZoneInfo(value)
	except (KeyError, ValueError, OSError):
		raise ValueError(f"{value} is not a time zone; write one like America/La_Paz") from None
	return value


def _currency(value: str) -> str:
	if value not in list_currencies():
		raise ValueError(f"{value} is not a currency; write a code like EUR")
	return value


def _amount(value: object) -> Decimal:
	if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
		raise ValueError("must be an amount like 600.00")
	try:
		amount = Decimal(value)
	except ArithmeticError:
		raise ValueError(f"{value} is not an amount like 600.00") from None
	if not amount.is_finite():
		raise ValueError(f"{value} is not an amount like 600.00")
	if amount < 0:
		raise ValueError(f"must not be negative, is {amount}")
	if amount > LARGEST_AMOUNT:
		raise ValueError(f"{value} is more than {LARGEST_AMOUNT}")
	return amount


_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d(:?\d\d)?)$")


def _moment(value: object) -> datetime:
	text = str(value)
	rest = text[10:].lstrip(" T")
	clock, offset = _OFFSET.sub("", rest), _OFFSET.search(rest)
	try:
		day = date.fromisoformat(text[:10])
		moment = datetime.combine(day, time.fromisoformat(clock) if clock else PLAIN_DATE_TIME)
	except ValueError:
		raise ValueError(f"{value} is not a day or time like 2026-01-31 or 2026-01-31 10:00") from None
	if offset is not None:
		raise ValueError(f"{value} has an offset; times are those of the file's timezone")
	if not FIRST_YEAR <= moment.year <= LAST_YEAR:
		raise ValueError(f"{value} is not between the years {FIRST_YEAR} and {LAST_YEAR}")
	return moment


def _day(value: object) -> date:
	return _moment(value).date()


def _interval(value: object) -> Interval:
	try:
		return Interval(value)
	except ValueError:
		known = ", ".join(interval.value for interval in Interval)
		raise ValueError(f"{value} is not an interval; there are {known}") from None


_DURATION = re.compile(r"(\d{1,6})\s*(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> timedelta:
	match = _DURATION.fullmatch(str(value))
	if not match:
		raise ValueError(f"{value} is not a duration like 30m or 9h")
	return timedelta(**{_UNITS[match[2]]: int(match[1])})


_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _clock(value: object) -> time:
	if not isinstance(value, str) or not _CLOCK.fullmatch(value):
		raise ValueError(f"{value} is not a time of day; write it in quotes, like '06:00'")
	return time.fromisoformat(value)


def _window(value: object) -> tuple[str, str]:
	start, dash, end = str(value).partition("-")
	if (
		not dash
		or not _CLOCK.fullmatch(start)
		or not (_CLOCK.fullmatch(end) or end == "24:00")
		or start >= end
	):
		raise ValueError(f"{value} is not a window of hours like 09:00-14:00")
	return start, end


Name = Annotated[str, BeforeValidator(_name)]
Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Count = Annotated[int, Field(ge=0, le=LARGEST_QUANTITY, strict=True)]
Days = Annotated[int, Field(ge=0, le=MOST_DAYS, strict=True)]
Months = Annotated[int, Field(ge=0, le=MOST_MONTHS, strict=True)]
Quantity = Annotated[int, Field(ge=1, le=LARGEST_QUANTITY, strict=True)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Every = Annotated[Interval, BeforeValidator(_interval)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Clock = Annotated[time, BeforeValidator(_clock)]
Window = Annotated[tuple[str, str], BeforeValidator(_window)]


class Event(FileModel):
	"""What happens `at` a moment of the scenario's time zone."""

	at: Moment
