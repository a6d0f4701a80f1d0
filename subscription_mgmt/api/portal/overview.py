"""What does a customer see first? His contracts, what they cost next, and what needs him."""

from datetime import date

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.portal_contracts import Shown, contracts_of, standings_of, unpaid_of
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.portal.pages import link
from subscription_mgmt.api.portal.words import alert_sentence, badge
from subscription_mgmt.engine.charges import total
from subscription_mgmt.engine.contracts import RUNNING
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.portal_alerts import alerts
from subscription_mgmt.engine.quota_use import Standings, uses
from subscription_mgmt.services.applying import gather
from subscription_mgmt.services.next_invoice import next_invoice
from subscription_mgmt.services.ports import Ports

AT_ONCE = 20


def overview(customer: str, page: int = 0) -> dict:
	"""`{"contracts", "alerts", "more", "unpaid", "credits", "tickets"}`"""
	ports = site_ports()
	shown = contracts_of(customer, AT_ONCE + 1, page * AT_ONCE)
	contracts = shown[:AT_ONCE]
	standings = standings_of([(each.contract, today_in(each.time_zone)) for each in contracts])
	rows = [_row(each, standings.get(each.contract.name, {}), ports) for each in contracts]
	return {
		"contracts": rows,
		"alerts": [alert for row in rows for alert in row["alerts"]],
		"more": len(shown) > AT_ONCE,
		"page": page,
		"unpaid": unpaid_of(customer),
		"credits": frappe.db.get_value("Support Credit Account", customer, "balance"),
		"tickets": frappe.db.count(
			"SLA Ticket", {"customer": customer, "status": ["not in", ["Resolved", "Closed"]]}
		),
	}


def _row(shown: Shown, standings: Standings, ports: Ports) -> dict:
	contract, today = shown.contract, today_in(shown.time_zone)
	upcoming = next_invoice(contract, today, ports) if contract.status in RUNNING else None
	return {
		"name": contract.name,
		"url": link("contract", name=contract.name),
		"plan": contract.plan,
		"instance": contract.instance,
		"interval": contract.interval.value,
		"status": badge(contract.status.value),
		"mode": badge(shown.mode) if shown.mode else None,
		"currency": contract.currency,
		"next_on": upcoming[0] if upcoming else None,
		"next_total": total(upcoming[1]) if upcoming else None,
		"ends_on": contract.ends_on,
		"alerts": _alerts(shown, standings, today, ports),
	}


def _alerts(shown: Shown, standings: Standings, today: date, ports: Ports) -> list[dict]:
	contract = shown.contract
	try:
		plan, packs = gather(contract, ports)
	except DomainError:
		return []  # a plan that was deleted in Desk: the contract is shown without its figures
	policy = ports.catalogue.dunning(plan.dunning) if plan.dunning else None
	used = uses(contract, plan, packs, standings, today)
	return [
		{
			"contract": contract.name,
			"plan": contract.plan,
			"url": link("contract", name=contract.name),
			"serious": alert.serious,
			"sentence": alert_sentence(alert),
		}
		for alert in alerts(contract, policy, used, today)
	]
