"""What do the licence verbs of a scenario call?"""

from collections.abc import Callable
from datetime import date

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.licences import Licence
from subscription_mgmt.services.add_licence_modules import add_licence_modules
from subscription_mgmt.services.buy_licence import buy_licence
from subscription_mgmt.services.renew_updates import renew_updates
from subscription_mgmt.services.revoke_licence import revoke_licence
from subscription_mgmt.services.set_deployment import set_deployment
from subscription_mgmt.simulation import scenario_file as file
from subscription_mgmt.simulation.verbs import World


def _buy_licence(event: file.BuyLicence, today: date, world: World) -> None:
	licences = world.ports.licences
	licences.add(
		Licence(
			name=event.licence,
			customer=event.customer,
			plan=event.plan,
			currency=world.currency,
			decimals=world.decimals,
			deployment=event.deployment,
			converted_from=event.from_contract,
			hosting_plan=event.hosting_plan,
			hosting_every=event.hosting_every,
			instance=event.instance,
		)
	)
	try:
		buy_licence(event.licence, today, world.ports, event.hosting_contract)
	except DomainError:
		licences.remove(event.licence)
		raise


def _set_deployment(event: file.SetDeployment, today: date, world: World) -> None:
	set_deployment(
		event.licence,
		event.deployment,
		today,
		world.ports,
		event.hosting_plan,
		event.hosting_every,
		event.hosting_contract,
	)


def _add_modules(event: file.AddModules, today: date, world: World) -> None:
	add_licence_modules(event.licence, event.modules, event.pack, today, world.ports)


def _renew_updates(event: file.RenewUpdates, today: date, world: World) -> None:
	renew_updates(event.licence, event.months, event.pack, today, world.ports)


def _revoke_licence(event: file.RevokeLicence, today: date, world: World) -> None:
	revoke_licence(event.licence, event.reason, today, world.ports)


LICENCE_VERBS: dict[type[file.Event], Callable[..., None]] = {
	file.BuyLicence: _buy_licence,
	file.SetDeployment: _set_deployment,
	file.AddModules: _add_modules,
	file.RenewUpdates: _renew_updates,
	file.RevokeLicence: _revoke_licence,
}
