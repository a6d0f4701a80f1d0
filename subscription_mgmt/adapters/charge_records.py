"""How does a Contract Charge record become what the engine knows?"""

from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import day, exact
from subscription_mgmt.adapters.contract_records import currency_decimals
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.periods import Period


def charge_of(row: Document | dict, reverses_key: str | None = None) -> Charge:
	return Charge(
		key=row.charge_key,
		contract=row.subscription_contract,
		customer=row.customer,
		kind=ChargeKind(row.kind),
		what=row.what,
		quantity=exact(row.quantity),
		rate=exact(row.rate),
		amount=exact(row.amount),
		currency=row.currency,
		charged_on=day(row.charged_on),
		decimals=currency_decimals(),
		period=Period(day(row.period_start), day(row.period_end)) if row.period_start else None,
		module=row.service_module,
		reverses=reverses_key,
		licence=row.licence,
	)
