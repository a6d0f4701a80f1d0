"""Add a pack to a running contract, charged pro rata to its period's end."""

from datetime import date

from subscription_mgmt.engine.billing import Outcome
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.packs import pack_added
from subscription_mgmt.services.activate import check_customer
from subscription_mgmt.services.applying import apply, gather
from subscription_mgmt.services.ports import Ports


def add_pack(name: str, pack: str, quantity: int, module: str | None, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	check_customer(contract, ports)
	outcome = decided_pack(contract, pack, quantity, module, today, ports)
	apply(contract, outcome, today, ports)
	ports.journal.noted(contract, "pack_added", pack=pack, quantity=quantity, module=module or "-")


def decided_pack(
	contract: Contract, pack: str, quantity: int, module: str | None, today: date, ports: Ports
) -> Outcome:
	"""What adding it would be, with exactly the lines it would create; nothing is stored."""
	_, packs = gather(contract, ports, pack)
	return pack_added(contract, packs[pack], quantity, module, today)
