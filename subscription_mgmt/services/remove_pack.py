"""Remove a pack from a running contract at the end of its period."""

from datetime import date

from subscription_mgmt.engine.packs import pack_removed
from subscription_mgmt.services.ports import Ports


def remove_pack(
	name: str, pack: str, quantity: int | None, module: str | None, today: date, ports: Ports
) -> None:
	"""`quantity` None: all of them."""
	contract = ports.contracts.get(name)
	after = pack_removed(contract, pack, quantity, module, today)
	ports.contracts.save(contract, after)
	ports.journal.noted(contract, "pack_removed", pack=pack, quantity=quantity or "all", module=module or "-")
