"""What does each `do` of a scenario call? One function per verb, each the service a site would call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from subscription_mgmt.adapters.memory import MemoryContracts, MemoryLedger
from subscription_mgmt.adapters.memory_hosting import MemoryHosting
from subscription_mgmt.engine.contracts import Contract, PackLine
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.money import ZERO
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.cancel import cancel_at_period_end, cancel_now
from subscription_mgmt.services.change_plan import change_plan
from subscription_mgmt.services.hold import hold, release
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.remove_pack import remove_pack
from subscription_mgmt.services.set_renewal import set_renewal
from subscription_mgmt.services.settle import settle
from subscription_mgmt.simulation import scenario_file as file
from subscription_mgmt.simulation.backups import Backups
from subscription_mgmt.simulation.support_world import Support
from subscription_mgmt.simulation.timeline import Timeline


@dataclass
class World:
	"""What a scenario runs in. `scheduler_down_until`: first day jobs run again."""

	ports: Ports
	contracts: MemoryContracts
	ledger: MemoryLedger
	hosting: MemoryHosting
	timeline: Timeline
	support: Support
	backups: Backups
	currency: str
	decimals: int
	scheduler_down_until: date | None = None
	metered: int = 0


def _subscribe(event: file.Subscribe, today: date, world: World) -> None:
	contract = Contract(
		name=event.contract,
		customer=event.customer,
		plan=event.plan,
		interval=event.every,
		currency=world.currency,
		decimals=world.decimals,
		start=today,
		auto_renew=event.auto_renew,
		packs=tuple(PackLine(order.pack, order.quantity, today, order.module) for order in event.packs),
		instance=event.instance,
	)
	world.contracts.add(contract)
	try:
		activate(event.contract, today, world.ports)
	except DomainError:
		world.contracts.remove(event.contract)
		raise


def _pay(event: file.Pay, today: date, world: World) -> None:
	if event.contract is not None:
		paid = [world.ports.contracts.get(event.contract)]
	else:
		paid = [contract for contract in world.contracts.all.values() if contract.customer == event.customer]
	open_ = [(contract, amount) for contract in paid if (amount := world.ledger.pay(contract.name))]
	bought = world.ledger.pay_sales(event.customer) if event.contract is None else ZERO
	if bought:
		world.timeline.paid_sales(event.customer, bought)
	if not open_ and not bought:
		raise DomainError("nothing_open", payer=event.contract or event.customer)
	for contract, amount in open_:
		world.timeline.paid(contract, amount)
		settle(contract.name, today, world.ports)
	if event.contract is None:
		world.support.paid(world.ledger.sales_to(event.customer), today)
	for contract, _ in open_:
		world.support.paid(world.ledger.invoices_of(contract.name), today)


def _add_pack(event: file.AddPack, today: date, world: World) -> None:
	add_pack(event.contract, event.pack, event.quantity, event.module, today, world.ports)


def _remove_pack(event: file.RemovePack, today: date, world: World) -> None:
	remove_pack(event.contract, event.pack, event.quantity, event.module, today, world.ports)


def _auto_renew(event: file.AutoRenew, today: date, world: World) -> None:
	set_renewal(event.contract, event.renew, today, world.ports)


def _cancel(event: file.Cancel, today: date, world: World) -> None:
	cancel = cancel_now if event.when == "now" else cancel_at_period_end
	cancel(event.contract, today, world.ports)


def _change_plan(event: file.ChangePlan, today: date, world: World) -> None:
	change_plan(event.contract, event.plan, event.every, event.when, today, world.ports)


def _hold(event: file.Hold, today: date, world: World) -> None:
	hold(event.contract, world.ports)


def _release(event: file.Release, today: date, world: World) -> None:
	release(event.contract, world.ports)


def _backups_fail(event: file.BackupsFail, today: date, world: World) -> None:
	if event.instance not in world.hosting.modes:
		raise DomainError("unknown_instance", instance=event.instance)
	zone = world.timeline.moment.tzinfo
	world.hosting.backups_fail(event.instance, world.timeline.moment, event.until.replace(tzinfo=zone))


def _scheduler_down(event: file.SchedulerDown, today: date, world: World) -> None:
	world.scheduler_down_until = max(event.until, world.scheduler_down_until or event.until)
	start = world.timeline.moment
	end = datetime.combine(world.scheduler_down_until, time(0), start.tzinfo)
	world.backups.scheduler_down(start, end)


VERBS: dict[type[file.Event], Callable[..., None]] = {
	file.Subscribe: _subscribe,
	file.Pay: _pay,
	file.AddPack: _add_pack,
	file.RemovePack: _remove_pack,
	file.AutoRenew: _auto_renew,
	file.Cancel: _cancel,
	file.ChangePlan: _change_plan,
	file.Hold: _hold,
	file.Release: _release,
	file.BackupsFail: _backups_fail,
	file.SchedulerDown: _scheduler_down,
}
