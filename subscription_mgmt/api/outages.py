"""What can be done about outages from Desk: plan maintenance of many systems, and try the address of a probe?"""

import frappe
from frappe import _
from frappe.utils import cint, get_datetime

from subscription_mgmt.adapters.http_probe import Target, ask_all
from subscription_mgmt.adapters.maintenance_notices import announce as announce_windows
from subscription_mgmt.adapters.probe_records import private_addresses_allowed, target_of

MOST_INSTANCES = 500


@frappe.whitelist(methods=["POST"])
def plan_maintenance(
	instances: str | list, starts_at: str, ends_at: str, reason: str = "", announce: bool | int | str = False
) -> dict:
	"""A window for each of the instances, each customer told once. `{"windows", "untold"}`: their names, and customers
	who have no address."""
	names = list(dict.fromkeys(frappe.parse_json(instances)))
	if not names or len(names) > MOST_INSTANCES:
		frappe.throw(_("Choose between 1 and {0} instances.").format(MOST_INSTANCES))
	windows = []
	for name in names:
		window = frappe.get_doc(
			{
				"doctype": "Outage",
				"hosted_instance": name,
				"planned": 1,
				"started_at": get_datetime(starts_at),
				"ended_at": get_datetime(ends_at),
				"reason": reason,
				"announce": cint(announce),
			}
		)
		window.flags.announced_with_others = True
		windows.append(window.insert())
	untold = announce_windows(windows) if cint(announce) else []
	return {"windows": [window.name for window in windows], "untold": untold}


@frappe.whitelist(methods=["POST"])
def ask_now(instance: str) -> dict:
	"""What the instance answers just now: to try an address. It neither opens nor closes an outage."""
	frappe.get_doc("Instance Probe", instance).check_permission("write")
	target = target_of(instance)
	answer = ask_all([Target(instance, target.url, target.host)], private_addresses_allowed())[instance]
	return {
		"url": target.url,
		"outcome": answer.outcome.value,
		"http_status": answer.status,
		"milliseconds": answer.milliseconds,
	}
