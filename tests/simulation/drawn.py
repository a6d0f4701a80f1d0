"""How does a scenario read as a drawing? One short line per event, so that a test shows the whole story."""

from pathlib import Path

from subscription_mgmt.simulation.run import simulate
from subscription_mgmt.simulation.scenario_file import last_day, read_scenario

# Invoices fall due long after the story, so that it is not about reminders.
CATALOGUE = """
name: A small vendor
timezone: America/La_Paz
currency: BOB
payment_days: 3650
plans:
  Basic:
    kind: Subscription
    prices: {Monthly: 100.00, Quarterly: 290.00, Half-Yearly: 560.00, Yearly: 1100.00}
  Refundable: {kind: Subscription, refundable: true, prices: {Monthly: 100.00}}
  Trial: {kind: Subscription, trial_days: 14, prices: {Monthly: 100.00}}
  Committed: {kind: Support, commitment_months: 12, prices: {Quarterly: 290.00}}
  Rising: {kind: Subscription, prices: {Monthly: 100.00}, prices_from: {2026-03-01: {Monthly: 120.00}}}
  Enterprise: {kind: Licence, price: 5000.00}
packs:
  Users: {kind: Users, prices: {Monthly: 10.00, Yearly: 110.00}}
  Seats: {kind: Users, per_module: true, prices: {Monthly: 10.00}}
  Training: {kind: Training, price: 80.00}
modules: {Sales: {}, CRM: {}}
customers: {Ana: {}, Ben: {}, Closed: {disabled: true}}
"""


def run(folder: Path, start: str, until: str, *events: str, catalogue: str = CATALOGUE) -> dict:
	"""What `simulate` returns for these events, each written like `2026-01-01, do: pay, contract: C1`."""
	file = folder / "scenario.yaml"
	listed = "".join(f"  - {{at: {event}}}\n" for event in events)
	file.write_text(f"{catalogue}start: {start}\nuntil: {until}\nevents:\n{listed}", encoding="utf-8")
	scenario = read_scenario(file)
	return simulate(scenario, last_day(scenario, None))


def drawn(result: dict) -> list[str]:
	"""`02-28 00:05 C1 owes 110.00: Basic 02-28>03-31 100.00, Users 02-28>03-31 10.00`; refusals by code."""
	return [f"{event['at'][5:16].replace('T', ' ')} {_words(event)}" for event in result["events"]]


def _words(event: dict) -> str:
	kind = event["type"]
	if kind == "contract":
		return f"{event['contract']} is {event['status']}"
	if kind == "invoice":
		return f"{event['contract']} owes {event['total']}: {', '.join(map(_line, event['lines']))}"
	if kind == "payment":
		return f"{event['contract']} pays {event['amount']}"
	if kind == "account_credit":
		return f"{event['contract']} credit {event['change']} = {event['balance']}"
	if kind == "rejected":
		return f"no {event['do']}: {event['code']}"
	if kind == "access":
		return f"{event['instance']} {event['mode']}"
	if kind == "notice":
		figure = event.get("days", event.get("renews_on", ""))
		return f"{event['contract']} told {event['kind']} {figure}".rstrip()
	if kind == "deletion_waits":
		return f"{event['contract']} waits for {', '.join(event['reasons'])}"
	if kind == "data_deleted":
		return f"{event['instance']} erased"
	if kind == "licence":
		functions = ", ".join(event["functions"])
		return f"{event['licence']} {event['deployment']} until {event['updates_until']}: {functions}"
	return f"{event.get('contract', event.get('customer'))} {kind}"


def _line(line: dict) -> str:
	count = "" if line["quantity"] == 1 else f"{line['quantity']} "
	module = f"/{line['module']}" if "module" in line else ""
	days = f" {line['period_start'][5:]}>{line['period_end'][5:]}" if "period_start" in line else ""
	return f"{count}{line['what']}{module}{days} {line['amount']}"
