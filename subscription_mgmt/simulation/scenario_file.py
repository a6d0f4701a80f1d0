"""What does a scenario file say, and where is it wrong? (`shared/SCENARIOS.md`)"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.messages import worded
from subscription_mgmt.simulation.catalogue_file import (
	CatalogueFile,
	backup_policy_of,
	dunning_policy_of,
	pack_of,
	plan_of,
)
from subscription_mgmt.simulation.fields import Count, Day, Event, Every, FileModel, Name, Quantity
from subscription_mgmt.simulation.licence_events import (
	AddModules,
	BuyLicence,
	RenewUpdates,
	RevokeLicence,
	SetDeployment,
	hosting_contracts,
	licence_misfits,
)
from subscription_mgmt.simulation.misfits import unknown as _unknown
from subscription_mgmt.simulation.support_events import (
	OpenTicket,
	SupportEvent,
	promise_misfits,
	support_misfits,
)
from subscription_mgmt.simulation.usage_events import BackupsFail, Meter, Outage, usage_misfits
from subscription_mgmt.simulation.yaml_file import FileError, read_yaml


class PackOrder(FileModel):
	pack: Name
	quantity: Quantity = 1
	module: Name | None = None


class Subscribe(Event):
	do: Literal["subscribe"]
	contract: Name
	customer: Name
	plan: Name
	every: Every
	instance: Name | None = None
	packs: list[PackOrder] = []
	auto_renew: bool = True


class Pay(Event):
	do: Literal["pay"]
	contract: Name | None = None
	customer: Name | None = None


class ChangePlan(Event):
	do: Literal["change_plan"]
	contract: Name
	plan: Name
	every: Every | None = None
	when: Literal["now", "period_end"] | None = None


class AddPack(Event):
	do: Literal["add_pack"]
	contract: Name
	pack: Name
	quantity: Quantity = 1
	module: Name | None = None


class RemovePack(Event):
	do: Literal["remove_pack"]
	contract: Name
	pack: Name
	quantity: Quantity | None = None
	module: Name | None = None


class AutoRenew(Event):
	do: Literal["auto_renew"]
	contract: Name
	renew: bool


class Cancel(Event):
	do: Literal["cancel"]
	contract: Name
	when: Literal["period_end", "now"] = "period_end"


class Hold(Event):
	do: Literal["hold"]
	contract: Name


class Release(Event):
	do: Literal["release"]
	contract: Name


class SchedulerDown(Event):
	do: Literal["scheduler_down"]
	until: Day


AnyEvent = Annotated[
	Subscribe
	| Pay
	| AddPack
	| RemovePack
	| AutoRenew
	| Cancel
	| BuyLicence
	| SetDeployment
	| AddModules
	| RenewUpdates
	| RevokeLicence
	| ChangePlan
	| Hold
	| Release
	| BackupsFail
	| Meter
	| Outage
	| SupportEvent
	| SchedulerDown,
	Field(discriminator="do"),
]


class CustomerEntry(FileModel):
	language: str | None = None
	sla: Name | None = None
	disabled: bool = False
	grace_days: Count = 0


class Scenario(CatalogueFile):
	"""`customers` None: the file lists none, and any name is one."""

	start: Day
	until: Day | None = None
	customers: dict[Name, CustomerEntry] | None = None
	events: list[AnyEvent] = []


def read_catalogue(path: Path) -> CatalogueFile:
	"""The offer in a file, its days and events left out. Raises FileError."""
	offer = {key: value for key, value in read_yaml(path).items() if key not in _ONLY_IN_SCENARIOS}
	return _checked(path, CatalogueFile, offer)


def read_scenario(path: Path) -> Scenario:
	"""A scenario whose names and days fit together. Raises FileError, one line that names the place."""
	scenario = _checked(path, Scenario, read_yaml(path))
	for place, mistake in _misfits(scenario):
		raise FileError(f"{path}: {place}: {mistake}")
	return scenario


_VERBS = {get_args(event.model_fields["do"].annotation)[0] for event in get_args(get_args(AnyEvent)[0])}
_ONLY_IN_SCENARIOS = frozenset(Scenario.model_fields) - frozenset(CatalogueFile.model_fields)


def _checked(path: Path, model: type[Any], content: dict) -> Any:
	try:
		checked = model.model_validate(content)
	except ValidationError as error:
		first = error.errors()[0]
		raise FileError(f"{path}: {_place(first['loc'], content)}: {_mistake(first)}") from None
	for place, mistake in _catalogue_misfits(checked):
		raise FileError(f"{path}: {place}: {mistake}")
	return checked


def _place(loc: tuple[int | str, ...], content: dict) -> str:
	"""`events[3].quantity`; without the tag of the verb, which pydantic puts in between."""
	parts = [part for n, part in enumerate(loc) if not (loc[0] == "events" and n == 2 and part in _VERBS)]
	text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts if part != "[key]")
	return text.lstrip(".") or "file"


_WORDS = {
	"extra_forbidden": "unknown key",
	"missing": "is missing",
	"union_tag_invalid": "do: {tag} is not known; there are {expected_tags}",
	"union_tag_not_found": "do is missing",
	"greater_than": "must be more than {gt}, is {input}",
	"greater_than_equal": "must be {ge} or more, is {input}",
	"less_than_equal": "must be {le} or less, is {input}",
	"string_type": "must be a text",
	"list_type": "must be a list in [ ]",
}
_WORDS |= dict.fromkeys(("literal_error", "enum"), "{input} is not known; there are {expected}")
_WORDS |= dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "must be a mapping in {{ }}")
_WORDS |= dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "must be a whole number")
_WORDS |= dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false")


def _mistake(error: Any) -> str:
	words = _WORDS.get(error["type"])
	if words is None:
		return " ".join(error["msg"].removeprefix("Value error, ").split())
	return words.format(**{"input": error["input"], **error.get("ctx", {})})


def _catalogue_misfits(offer: CatalogueFile) -> Iterator[tuple[str, str]]:
	for name, dunning in offer.dunning_policies.items():
		yield from _refused(f"dunning_policies.{name}", dunning_policy_of, name, dunning)
	for name, backup in offer.backup_policies.items():
		yield from _refused(f"backup_policies.{name}", backup_policy_of, name, backup)
	for name, pack in offer.packs.items():
		yield from _refused(f"packs.{name}", pack_of, name, pack, offer.currency)
		yield from _unknown(f"packs.{name}.sla", pack.sla, offer.sla_policies, "SLA policy")
	for name, plan in offer.plans.items():
		yield from _refused(f"plans.{name}", plan_of, name, plan, offer.currency)
		yield from _unknown(f"plans.{name}.dunning", plan.dunning, offer.dunning_policies, "dunning policy")
		yield from _unknown(f"plans.{name}.backup", plan.backup, offer.backup_policies, "backup policy")
		yield from _unknown(f"plans.{name}.sla", plan.sla, offer.sla_policies, "SLA policy")
		for module in plan.modules if offer.modules else ():
			yield from _unknown(f"plans.{name}.modules", module, offer.modules, "module")
	yield from promise_misfits(offer)


def _refused(place: str, make: Callable[..., object], *arguments: object) -> Iterator[tuple[str, str]]:
	try:
		make(*arguments)
	except DomainError as error:
		yield place, worded(error)


def _misfits(scenario: Scenario) -> Iterator[tuple[str, str]]:
	for name, customer in (scenario.customers or {}).items():
		yield from _unknown(f"customers.{name}.sla", customer.sla, scenario.sla_policies, "SLA policy")
	if scenario.until is not None and scenario.until < scenario.start:
		yield "until", f"{scenario.until} is before start {scenario.start}"
	contracts = {event.contract for event in scenario.events if isinstance(event, Subscribe)}
	contracts |= set(hosting_contracts(scenario.events))
	tickets = {event.ticket for event in scenario.events if isinstance(event, OpenTicket)}
	licences = {event.licence for event in scenario.events if isinstance(event, BuyLicence)}
	for n, event in enumerate(scenario.events):
		place = f"events[{n}]"
		if event.at.date() < scenario.start:
			yield f"{place}.at", f"{event.at.date()} is before start {scenario.start}"
		yield from _event_misfits(scenario, place, event, contracts)
		yield from licence_misfits(scenario, place, event, contracts, licences)
		yield from usage_misfits(scenario, place, event)
		yield from support_misfits(scenario, place, event, tickets)


def _event_misfits(
	scenario: Scenario, place: str, event: Event, contracts: set[str]
) -> Iterator[tuple[str, str]]:
	if isinstance(event, Subscribe):
		yield from _unknown(f"{place}.plan", event.plan, scenario.plans, "plan")
		for order in event.packs:
			yield from _unknown(f"{place}.packs", order.pack, scenario.packs, "pack")
			yield from _unknown_module(scenario, f"{place}.packs", order.module)
	elif (contract := getattr(event, "contract", None)) is not None:
		if contract not in contracts:
			yield f"{place}.contract", f"no event subscribes a contract {contract}"
	if isinstance(event, ChangePlan):
		yield from _unknown(f"{place}.plan", event.plan, scenario.plans, "plan")
	if isinstance(event, (AddPack, RemovePack)):
		yield from _unknown(f"{place}.pack", event.pack, scenario.packs, "pack")
		yield from _unknown_module(scenario, f"{place}.module", event.module)
	if isinstance(event, Pay) and event.contract is None and event.customer is None:
		yield place, "pay needs a contract or a customer"
	if isinstance(event, SchedulerDown) and event.until < event.at.date():
		yield f"{place}.until", f"{event.until} is before {event.at.date()}"
	customer = getattr(event, "customer", None)
	if customer is not None and scenario.customers is not None:
		yield from _unknown(f"{place}.customer", customer, scenario.customers, "customer")


def _unknown_module(scenario: Scenario, place: str, module: str | None) -> Iterator[tuple[str, str]]:
	if scenario.modules:
		yield from _unknown(place, module, scenario.modules, "module")


def last_day(scenario: Scenario, until: date | None) -> date:
	"""The last simulated day: asked for, or the file's. Raises FileError when neither is there."""
	day = until or scenario.until
	if day is None:
		raise FileError("until: is missing; put it into the file or give --until DATE")
	if day < scenario.start:
		raise FileError(f"--until {day} is before start {scenario.start}")
	return day
