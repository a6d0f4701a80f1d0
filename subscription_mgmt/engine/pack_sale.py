"""What does a customer owe who buys a pack without a contract?"""

from datetime import date
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack
from subscription_mgmt.engine.charges import Charge, ChargeKind, charge_key
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import rounded
from subscription_mgmt.engine.packs import check_addable
from subscription_mgmt.engine.prices import price_on


def pack_sold(
	pack: Pack, customer: str, quantity: int, currency: str, decimals: int, reference: str, today: date
) -> Charge:
	"""`reference` names the order. Raises DomainError: `pack_needs_contract`, `no_price`, and of
	`check_addable`."""
	check_addable(pack, quantity, None)
	if pack.needs_contract:
		raise DomainError("pack_needs_contract", pack=pack.name)
	price = price_on(pack.name, pack.prices, None, currency, today)
	return Charge(
		key=charge_key(f"sale {reference}", f"pack:{pack.name}", today),
		contract=None,
		customer=customer,
		kind=ChargeKind.PACK,
		what=pack.name,
		quantity=Decimal(quantity),
		rate=price,
		amount=rounded(price * quantity, decimals),
		currency=currency,
		charged_on=today,
		decimals=decimals,
	)
