"""What may a scenario say of licences, and where is it wrong?"""

from collections.abc import Iterable, Iterator
from typing import Literal

from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.simulation.catalogue_file import CatalogueFile
from subscription_mgmt.simulation.fields import Event, Every, Name, Quantity
from subscription_mgmt.simulation.misfits import unknown


class BuyLicence(Event):
	do: Literal["buy_licence"]
	licence: Name
	customer: Name
	plan: Name
	deployment: Deployment = Deployment.ONLINE
	from_contract: Name | None = None
	hosting_plan: Name | None = None
	hosting_every: Every | None = None
	hosting_contract: Name | None = None
	instance: Name | None = None


class SetDeployment(Event):
	do: Literal["set_deployment"]
	licence: Name
	deployment: Deployment
	hosting_plan: Name | None = None
	hosting_every: Every | None = None
	hosting_contract: Name | None = None


class AddModules(Event):
	do: Literal["add_modules"]
	licence: Name
	modules: list[Name]
	pack: Name | None = None


class RenewUpdates(Event):
	do: Literal["renew_updates"]
	licence: Name
	months: Quantity | None = None
	pack: Name | None = None


class RevokeLicence(Event):
	do: Literal["revoke_licence"]
	licence: Name
	reason: str


def hosting_contracts(events: Iterable[Event]) -> Iterator[str]:
	"""Contracts that begin with a licence, by the name they are given or get."""
	for event in events:
		if isinstance(event, (BuyLicence, SetDeployment)) and event.hosting_plan is not None:
			yield event.hosting_contract or f"{event.licence}-hosting"


def licence_misfits(
	offer: CatalogueFile, place: str, event: Event, contracts: set[str], licences: set[str]
) -> Iterator[tuple[str, str]]:
	if isinstance(event, BuyLicence):
		yield from unknown(f"{place}.plan", event.plan, offer.plans, "plan")
		if event.from_contract is not None and event.from_contract not in contracts:
			yield f"{place}.from_contract", f"no event subscribes a contract {event.from_contract}"
	elif (licence := getattr(event, "licence", None)) is not None and licence not in licences:
		yield f"{place}.licence", f"no event buys a licence {licence}"
	if isinstance(event, (BuyLicence, SetDeployment)):
		yield from unknown(f"{place}.hosting_plan", event.hosting_plan, offer.plans, "plan")
		if event.hosting_plan is None and (event.hosting_every or event.hosting_contract):
			yield f"{place}.hosting_plan", "is missing; hosting needs a plan"
	if isinstance(event, (AddModules, RenewUpdates)):
		yield from unknown(f"{place}.pack", event.pack, offer.packs, "pack")
	if isinstance(event, AddModules):
		for module in event.modules:
			yield from unknown(f"{place}.modules", module, offer.modules, "module")
