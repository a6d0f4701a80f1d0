"""Add modules to a licence that was sold, priced by a one-off pack."""

from collections.abc import Sequence
from datetime import date

from subscription_mgmt.engine.licences import Licence, Sale, modules_added
from subscription_mgmt.services.buy_licence import check_buyer
from subscription_mgmt.services.ports import Ports


def add_licence_modules(
	name: str, modules: Sequence[str], pack: str | None, today: date, ports: Ports
) -> None:
	"""`pack` None: nothing is owed."""
	licence = ports.licences.get(name)
	check_buyer(licence, ports)
	priced_by = ports.catalogue.packs([pack])[pack] if pack else None
	sale = modules_added(licence, modules, priced_by, ports.catalogue.modules(), today)
	apply_sale(licence, sale, today, ports)
	ports.licences.noted(sale.licence, "modules_added", modules=", ".join(modules))


def apply_sale(before: Licence, sale: Sale, today: date, ports: Ports) -> None:
	"""Store the licence, charge and invoice what it costs. Never commits."""
	ports.licences.save(before, sale.licence)
	if sale.charges:
		for invoice in ports.ledger.sell(sale.charges, today):
			ports.journal.invoiced(invoice)
