"""Add a pack to a running contract from the end of the period that is paid for; it is billed with the next one."""

from datetime import date

from subscription_mgmt.engine.pack_timing import pack_planned
from subscription_mgmt.services.activate import check_customer
from subscription_mgmt.services.applying import gather
from subscription_mgmt.services.ports import Ports


def plan_pack(name: str, pack: str, quantity: int, module: str | None, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	check_customer(contract, ports)
	_, packs = gather(contract, ports, pack)
	after = pack_planned(contract, packs[pack], quantity, module, today)
	ports.contracts.save(contract, after)
	begins = after.packs[-1].starts_on
	ports.journal.noted(
		contract, "pack_planned", pack=pack, quantity=quantity, module=module or "-", day=begins
	)
