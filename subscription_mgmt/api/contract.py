"""What can be done with a contract from Desk? Each button of its form calls one of these."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.contract_records import DOCTYPE, contract_of
from subscription_mgmt.adapters.parking import is_parked
from subscription_mgmt.adapters.parking import park as park_contract
from subscription_mgmt.adapters.parking import unpark as unpark_contract
from subscription_mgmt.adapters.payment_terms import terms_of
from subscription_mgmt.adapters.sales_invoices import describe
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.charges import Charge, total
from subscription_mgmt.refusals import refusals_worded
from subscription_mgmt.services import activate as activating
from subscription_mgmt.services import add_pack as adding
from subscription_mgmt.services import bill as billing
from subscription_mgmt.services import cancel as cancelling
from subscription_mgmt.services import drop_pack as dropping
from subscription_mgmt.services import plan_pack as planning
from subscription_mgmt.services import preview as previewing
from subscription_mgmt.services import remove_pack as removing
from subscription_mgmt.services import set_renewal as renewing

MOST_PREVIEWED = 24
MOST_AT_ONCE = 50  # contracts in one request; lists send more in several


@frappe.whitelist(methods=["POST"])
def activate(contract: str) -> None:
	today = day_if_writable(contract)
	with refusals_worded():
		activating.activate(contract, today, site_ports())


@frappe.whitelist(methods=["POST"])
def bill_now(contract: str) -> None:
	today = day_if_writable(contract)
	if is_parked(contract):
		frappe.throw(_("{0} is parked. Un-park it to bill it.").format(contract))
	with refusals_worded():
		billing.bill(contract, today, site_ports())


@frappe.whitelist(methods=["POST"])
def park(contract: str, reason: str) -> None:
	day_if_writable(contract)
	park_contract(contract, reason)


@frappe.whitelist(methods=["POST"])
def unpark(contract: str) -> None:
	"""Bill what waited at once, so that the person who un-parks sees whether the reason is gone."""
	today = day_if_writable(contract)
	unpark_contract(contract)
	with refusals_worded():
		billing.bill(contract, today, site_ports())


@frappe.whitelist(methods=["POST"])
def bill_many(contracts: str | list[str]) -> dict:
	return _each(contracts, bill_now)


@frappe.whitelist(methods=["POST"])
def unpark_many(contracts: str | list[str]) -> dict:
	"""A contract whose reason is not gone stays parked; the others are un-parked and billed."""
	return _each(contracts, unpark)


@frappe.whitelist(methods=["POST"])
def add_pack(
	contract: str, pack: str, quantity: int | str = 1, module: str | None = None, when: str = "now"
) -> None:
	"""`when`: now, or period_end: with the next period."""
	today = day_if_writable(contract)
	add = _chosen(when, {"now": adding.add_pack, "period_end": planning.plan_pack})
	if frappe.db.get_value("Pack", pack, "disabled"):
		frappe.throw(_("{0} is disabled. Choose another one, or enable it.").format(pack))
	with refusals_worded():
		add(contract, pack, cint(quantity), module or None, today, site_ports())


@frappe.whitelist(methods=["POST"])
def remove_pack(
	contract: str,
	pack: str,
	quantity: int | str | None = None,
	module: str | None = None,
	when: str = "period_end",
) -> None:
	"""`when`: period_end, or now: at once, with a credit for the unused days if the plan is refundable."""
	today = day_if_writable(contract)
	remove = _chosen(when, {"now": dropping.drop_pack, "period_end": removing.remove_pack})
	count = cint(quantity) if quantity not in (None, "") else None
	with refusals_worded():
		remove(contract, pack, count, module or None, today, site_ports())


@frappe.whitelist(methods=["POST"])
def set_renewal(contract: str, renew: bool | int | str) -> None:
	today = day_if_writable(contract)
	with refusals_worded():
		renewing.set_renewal(contract, bool(cint(renew)), today, site_ports())


@frappe.whitelist(methods=["POST"])
def cancel(contract: str, when: str = "period_end") -> None:
	today = day_if_writable(contract)
	cancel_then = _chosen(when, {"period_end": cancelling.cancel_at_period_end, "now": cancelling.cancel_now})
	with refusals_worded():
		cancel_then(contract, today, site_ports())


@frappe.whitelist()
def preview(contract: str, count: int | str = 3) -> dict:
	"""`{"invoices": [{"date", "due_on", "currency", "total", "lines": [...]}]}`; amounts as text."""
	record = frappe.get_doc(DOCTYPE, contract)
	record.check_permission("read")
	today = today_in(record.time_zone)
	with refusals_worded():
		invoices = previewing.preview(
			contract_of(record), today, min(cint(count), MOST_PREVIEWED), site_ports()
		)
	return {
		"invoices": [
			{
				"date": day.isoformat(),
				"due_on": terms_of(record.customer, record.company, day).due_on.isoformat(),
				"currency": record.currency,
				"total": str(total(charges)),
				"lines": [shown_line(charge) for charge in charges],
			}
			for day, charges in _with_something_to_pay(invoices)
		]
	}


def _with_something_to_pay(
	invoices: Iterable[tuple[date, tuple[Charge, ...]]],
) -> Iterator[tuple[date, list[Charge]]]:
	"""What costs nothing is charged, so that the period counts as billed, but stands on no invoice."""
	for day, charges in invoices:
		lines = [charge for charge in charges if charge.amount]
		if lines:
			yield day, lines


def _chosen(when: str, verbs: dict[str, Callable[..., None]]) -> Callable[..., None]:
	if when not in verbs:
		frappe.throw(_("Choose period_end or now, not {0}.").format(when))
	return verbs[when]


def _each(contracts: str | list[str], verb: Callable[[str], None]) -> dict:
	"""`{"done": [name], "failed": {name: reason}}`. What fails with one is undone and stays its own."""
	names = list(dict.fromkeys(frappe.parse_json(contracts)))
	if len(names) > MOST_AT_ONCE:
		frappe.throw(_("Choose {0} contracts or fewer at a time.").format(MOST_AT_ONCE))
	failed: dict[str, str] = {}
	for name in names:
		frappe.db.savepoint("each_contract")
		try:
			verb(name)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			raise  # the database may have given up the whole request, savepoints too
		except Exception as error:
			frappe.db.rollback(save_point="each_contract")
			frappe.clear_messages()
			failed[name] = frappe.utils.strip_html(str(error)) or type(error).__name__
	return {"done": [name for name in names if name not in failed], "failed": failed}


def shown_line(charge: Charge) -> dict:
	quantity, rate = charge.as_sold()
	return {
		"kind": charge.kind.value,
		"what": charge.what,
		"module": charge.module,
		"period_start": charge.period.start.isoformat() if charge.period else None,
		"period_end": charge.period.end.isoformat() if charge.period else None,
		"quantity": f"{quantity:f}",
		"rate": f"{rate:f}",
		"amount": f"{charge.amount:f}",
		"description": describe(charge),
	}


def day_if_writable(contract: str) -> date:
	"""The contract's day, if the user may write it."""
	record = frappe.get_doc(DOCTYPE, contract)
	record.check_permission("write")
	return today_in(record.time_zone)
