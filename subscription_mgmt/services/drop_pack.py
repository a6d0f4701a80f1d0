"""Take packs off a running contract at once; a refundable plan credits the days that are not used."""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.pack_timing import pack_dropped
from subscription_mgmt.services.applying import apply, due, gather
from subscription_mgmt.services.ports import Ports


def drop_pack(
	name: str, pack: str, quantity: int | None, module: str | None, today: date, ports: Ports
) -> None:
	"""`quantity` None: all of them. What a missed night left out is owed first."""
	contract = ports.contracts.get(name)
	plan, packs = gather(contract, ports, pack)
	missed = due(contract, plan, packs, today, ports)
	charged = (*ports.ledger.charges_of(name), *missed.charges)
	dropped = pack_dropped(missed.contract, plan, packs[pack], quantity, module, charged, today)
	apply(contract, replace(dropped, charges=(*missed.charges, *dropped.charges)), today, ports)
	ports.journal.noted(contract, "pack_dropped", pack=pack, quantity=quantity or "all", module=module or "-")
