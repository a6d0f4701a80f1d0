"""Renew the updates of a licence, priced by a one-off pack."""

from datetime import date

from subscription_mgmt.engine.licences import updates_renewed
from subscription_mgmt.services.add_licence_modules import apply_sale
from subscription_mgmt.services.buy_licence import check_buyer
from subscription_mgmt.services.ports import Ports

USUAL_MONTHS = 12


def renew_updates(name: str, months: int | None, pack: str | None, today: date, ports: Ports) -> None:
	"""`months` None: as many as came with the licence. `pack` None: nothing is owed."""
	licence = ports.licences.get(name)
	check_buyer(licence, ports)
	priced_by = ports.catalogue.packs([pack])[pack] if pack else None
	if months is None:
		months = ports.catalogue.plan(licence.plan).updates_months or USUAL_MONTHS
	sale = updates_renewed(licence, months, priced_by, today)
	apply_sale(licence, sale, today, ports)
	ports.licences.noted(sale.licence, "updates_renewed", until=sale.licence.updates_until)
