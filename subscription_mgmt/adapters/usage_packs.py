"""Which pack would allow what a quota refuses?"""

from decimal import Decimal

import frappe

from subscription_mgmt.adapters.catalogue_records import pack_of
from subscription_mgmt.engine.quotas import suggested_pack


def pack_for(metric: str, missing: Decimal, per_module: bool) -> str | None:
	"""The name of the smallest recurring pack of the metric that covers `missing` units."""
	names = frappe.get_all("Pack", {"one_off": 0, "per_module": int(per_module)}, pluck="name", limit=0)
	packs = [pack_of(frappe.get_cached_doc("Pack", name)) for name in names]
	pack = suggested_pack(packs, metric, missing)
	return pack.name if pack else None
