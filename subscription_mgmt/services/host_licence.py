"""Which contract is to host an Online licence?"""

from datetime import date

from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.conversion import hosting_of
from subscription_mgmt.engine.licences import Licence
from subscription_mgmt.engine.starting import started
from subscription_mgmt.services.ports import Ports


def hosting_ordered(
	licence: Licence, name: str | None, like: Contract | None, today: date, ports: Ports
) -> Contract | None:
	"""The Draft for `Licences.open_hosting`, refused here if it could not begin; None: no hosting is ordered.

	`like`: the subscription whose instance it takes over.
	"""
	if licence.hosting_plan is None:
		return None
	plan = ports.catalogue.plan(licence.hosting_plan)
	instance = like.instance if like is not None else licence.instance
	draft = hosting_of(licence, name or f"{licence.name}-hosting", plan, instance, like, today)
	started(draft, plan, {}, today)
	return draft
