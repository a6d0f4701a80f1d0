"""What is behind a customer's usage: the days, users and modules of an invoice, or of the running month so far?"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money

from subscription_mgmt.adapters.contract_records import currency_decimals
from subscription_mgmt.adapters.portal_contracts import INVOICE
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.adapters.usage_packs import pack_for
from subscription_mgmt.api.portal.guard import Visit, contract_visited, refuse, visit_to
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.api.portal.words import metric_label, plain
from subscription_mgmt.api.quota import WAS_USED, explained_on
from subscription_mgmt.engine.catalogue import Excess
from subscription_mgmt.engine.charges import Charge
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.engine.outlook import Outlook
from subscription_mgmt.engine.overage import ExplainedDay, Overage, month_of
from subscription_mgmt.engine.portal_roles import Verb
from subscription_mgmt.services.explain_usage import outlook, running_month


def usage_page(contract: str | None, invoice: str | None) -> dict:
	"""Of an invoice where one is named, else the running month of the contract."""
	if invoice:
		visit, record = visit_to(Verb.SEE, INVOICE, invoice)
		return _invoiced(visit, record)
	visit, record, today = contract_visited(Verb.SEE, contract)
	page = {
		"visit": visit,
		"heading": _("Usage of the running month"),
		"back": link("contract", name=record.name),
		"back_to": f"{record.plan} ({record.name})",
		"currency": record.currency,
		"figures": [],
		"forecast": [],
	}
	if record.status not in WAS_USED:
		return page
	ports = site_ports()
	month = month_of(ports.contracts.get(record.name), today)
	forecast = outlook(record.name, today, ports)
	return {
		**page,
		"from": month.start,
		"until": month.end - timedelta(days=1),
		"forecast": [_forecast(each) for each in forecast],
		"expected": sum((each.expected_amount for each in forecast), ZERO),
		"packs_url": link("add-pack", name=record.name) if visit.may(Verb.BUY) else None,
		"figures": [_figure(figure, record.currency) for figure in running_month(record.name, today, ports)],
	}


def _invoiced(visit: Visit, invoice: Document) -> dict:
	if invoice.docstatus != 1:
		refuse()
	contract = invoice.get("subscription_contract")
	return {
		"visit": visit,
		"heading": _("Usage on {0}").format(invoice.name),
		"back": link("contract", name=contract) if contract else link("invoices"),
		"back_to": contract or _("Invoices"),
		"currency": invoice.currency,
		"figures": [_billed(charge, figure) for charge, figure in explained_on(invoice)],
	}


def _forecast(each: Outlook) -> dict:
	missing = max(each.over, each.used - each.allowed)
	return {
		"label": _named(each.metric, each.module),
		"used": plain(each.used),
		"allowed": plain(each.allowed),
		"blocks": each.excess is Excess.BLOCK,
		"over": plain(each.over),
		"expected_over": plain(each.expected_over),
		"expected_amount": each.expected_amount,
		"pack": pack_for(each.metric, missing, bool(each.module), for_customer=True)
		if missing > ZERO
		else None,
	}


def _figure(figure: Overage, currency: str) -> dict:
	return {
		"label": _named(figure.metric, figure.module),
		"from": figure.month.start,
		"until": figure.month.end - timedelta(days=1),
		"over": plain(figure.over) if figure.over else None,
		"price": _price(figure.price, currency),
		"days": _spans(figure.days),
	}


def _billed(charge: Charge, figure: Overage) -> dict:
	"""With what the invoice says of it. Late records are on another one: then the month comes to more or less."""
	is_whole = charge.reverses is None and charge.quantity == figure.over
	return {
		**_figure(figure, charge.currency),
		"over": plain(charge.quantity),
		"price": _price(charge.rate, charge.currency),
		"amount": charge.amount,
		"by_day": charge.is_part_of_a_period,
		"in_all": None if is_whole else plain(figure.over),
	}


def _price(price: Decimal, currency: str) -> str:
	"""With as many decimals as it has: an e-mail may cost 0.015."""
	own = -int(price.normalize().as_tuple().exponent)
	return fmt_money(float(price), max(currency_decimals(), own), currency)


def _spans(days: Sequence[ExplainedDay]) -> list[dict]:
	"""Days alike, one after the other, are one line."""
	lines: list[dict] = []
	for day in days:
		told = {
			"used": plain(day.used),
			"allowed": plain(day.allowed),
			"over": plain(day.over),
			"subjects": day.subjects,
		}
		if lines and all(lines[-1][key] == value for key, value in told.items()):
			lines[-1]["until"] = day.day
		else:
			lines.append({"from": day.day, "until": day.day, **told})
	return lines


def _named(metric: str, module: str | None) -> str:
	label = metric_label(metric)
	return f"{label} · {module}" if module else label
