"""Take a licence Local or back Online: functions that need to be online go and come back, hosting follows."""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.contracts import RUNNING, Contract
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.licences import Licence, deployed
from subscription_mgmt.engine.periods import Interval
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.buy_licence import check_buyer
from subscription_mgmt.services.host_licence import hosting_ordered
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.set_renewal import set_renewal


def set_deployment(
	name: str,
	deployment: Deployment,
	today: date,
	ports: Ports,
	hosting_plan: str | None = None,
	hosting_every: Interval | None = None,
	hosting_contract: str | None = None,
) -> None:
	"""A Local licence is not hosted: its Hosting contract ends with the period that is paid for, or renews if
	the licence returns before then; afterwards a return may order hosting anew.
	"""
	before = ports.licences.get(name)
	after = deployed(before, deployment, ports.catalogue.modules())
	hosted = _hosting(before, today, ports)
	if hosted is None and hosting_plan is not None:
		check_buyer(after, ports)
		after = replace(after, hosting_plan=hosting_plan, hosting_every=hosting_every)
		draft = hosting_ordered(after, hosting_contract or _next_name(after), None, today, ports)
		if draft is not None:
			after = replace(after, hosting_contract=ports.licences.open_hosting(after, draft))
	ports.licences.save(before, after)
	ports.licences.noted(after, "deployed", deployment=deployment.value)
	if hosted is not None:
		set_renewal(hosted.name, deployment is Deployment.ONLINE, today, ports)
	elif after.hosting_contract is not None and after.hosting_contract != before.hosting_contract:
		activate(after.hosting_contract, today, ports)


def _hosting(licence: Licence, today: date, ports: Ports) -> Contract | None:
	"""The licence's Hosting contract, if it runs."""
	if licence.hosting_contract is None:
		return None
	contract = ports.contracts.get(licence.hosting_contract)
	over = contract.status not in RUNNING or (contract.ends_on is not None and contract.ends_on <= today)
	return None if over else contract


def _next_name(licence: Licence) -> str | None:
	"""Another one than that of the Hosting contract the licence had before."""
	return f"{licence.name}-hosting-{licence.changes}" if licence.hosting_contract else None
