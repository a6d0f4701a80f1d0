"""Which functions of a licence work where? Some need to be online."""

from collections.abc import Iterable, Mapping
from enum import Enum

from subscription_mgmt.engine.catalogue import ServiceModule


class Deployment(Enum):
	ONLINE = "Online"
	LOCAL = "Local"


def needing_online(
	functions: Iterable[str], own: Iterable[str], modules: Mapping[str, ServiceModule]
) -> tuple[str, ...]:
	"""Those of `functions` that are lost while the system runs locally.

	The licence's `own` modules say which; a function none of them has is judged by all `modules` there are.
	Seed bo: "Tener el sistema de Forma local, solo algunas funciones dejará de funcionar."
	"""
	held = [modules[name] for name in own if name in modules]
	return tuple(function for function in functions if _needs_online(function, held, modules.values()))


def _needs_online(function: str, held: Iterable[ServiceModule], listed: Iterable[ServiceModule]) -> bool:
	having = [module for module in held if function in functions_of(module)]
	return any(function in module.needs_online for module in having or listed)


def functions_of(module: ServiceModule) -> tuple[str, ...]:
	"""All functions of a module: a file may list those that need to be online apart from the others."""
	return tuple(dict.fromkeys((*module.functions, *module.needs_online)))
