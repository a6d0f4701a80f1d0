"""How does a person on a site read a refusal? Translated, with days as he writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.messages import phrase


@contextmanager
def refusals_worded() -> Iterator[None]:
	"""Turn a DomainError into Frappe's error dialog. Nothing is written: Frappe rolls the request back."""
	try:
		yield
	except DomainError as error:
		frappe.throw(sentence(error.code, **error.context), title=_("Not possible"))


def sentence(code: str, **figures: object) -> str:
	return phrase(code, {name: _readable(figure) for name, figure in figures.items()}, _)


def _readable(figure: object) -> str:
	if isinstance(figure, date):
		return formatdate(figure)
	if isinstance(figure, Decimal):
		return f"{figure:f}"
	return str(figure)
