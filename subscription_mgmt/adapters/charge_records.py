"""How does a Contract Charge record become what the engine knows?"""

import json
from decimal import Decimal

from frappe.model.document import Document

from subscription_mgmt.adapters.catalogue_records import day, exact
from subscription_mgmt.adapters.contract_records import currency_decimals
from subscription_mgmt.engine.charges import Basis, Charge, ChargeKind
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
		basis=_basis(row.basis),
	)


def written_basis(basis: Basis | None) -> str | None:
	if basis is None:
		return None
	return json.dumps(
		{
			"day": basis.day.isoformat(),
			"used": f"{basis.used:f}",
			"allowed": f"{basis.allowed:f}",
			"days_over": basis.days_over,
			"subjects": list(basis.subjects),
		},
		ensure_ascii=False,
	)


def _basis(written: str | None) -> Basis | None:
	if not written:
		return None
	told = json.loads(written)
	return Basis(
		day(told["day"]),
		Decimal(told["used"]),
		Decimal(told["allowed"]),
		told["days_over"],
		tuple(told["subjects"]),
	)
