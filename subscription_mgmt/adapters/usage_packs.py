"""Which pack would allow what a quota refuses?"""

from decimal import Decimal

import frappe

from subscription_mgmt.adapters.catalogue_records import pack_of
from subscription_mgmt.engine.quotas import suggested_pack


def pack_for(metric: str, missing: Decimal, per_module: bool, for_customer: bool = False) -> str | None:
	"""The name of the smallest recurring pack of the metric that covers `missing` units and is sold still.
	`for_customer`: only of those that customers are shown."""
	filters = {"one_off": 0, "disabled": 0, "per_module": int(per_module)}
	if for_customer:
		filters["published"] = 1
	names = frappe.get_all("Pack", filters, pluck="name", limit=0)
	packs = [pack_of(frappe.get_cached_doc("Pack", name)) for name in names]
	pack = suggested_pack(packs, metric, missing)
	return pack.name if pack else None
