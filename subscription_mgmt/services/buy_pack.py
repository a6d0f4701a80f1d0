"""Sell a one-off pack without a contract; what it grants comes when its invoice is paid."""

from datetime import date

from subscription_mgmt.engine.pack_sale import pack_sold
from subscription_mgmt.services.open_ticket import check_customer
from subscription_mgmt.services.support_ports import SupportPorts


def buy_pack(
	customer: str,
	pack: str,
	quantity: int,
	currency: str,
	decimals: int,
	reference: str,
	today: date,
	ports: SupportPorts,
) -> None:
	"""`reference`: names the order, so that one sent twice is charged once."""
	check_customer(customer, ports)
	sold = ports.base.catalogue.packs([pack])[pack]
	charge = pack_sold(sold, customer, quantity, currency, decimals, reference, today)
	for invoice in ports.base.ledger.sell([charge], today):
		ports.base.journal.invoiced(invoice)
