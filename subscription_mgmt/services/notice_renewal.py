"""Tell a customer that his contract is about to renew, in time to say no."""

from dataclasses import replace
from datetime import date

from subscription_mgmt.engine.renewal import renewal_to_notice
from subscription_mgmt.services.ports import Ports


def notice_renewal(name: str, today: date, ports: Ports) -> None:
	contract = ports.contracts.get(name)
	day = renewal_to_notice(contract, ports.catalogue.plan(contract.plan), today)
	if day is not None:
		ports.notices.send(contract, "renewal", renews_on=day)
		ports.contracts.save(contract, replace(contract, renewal_noticed=day))
