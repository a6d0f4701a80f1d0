"""Which contracts have something due? One query by an index for each reason, however many contracts there are."""

from datetime import date

import frappe

from subscription_mgmt.engine.contracts import BILLED, Status


def due_contracts(today: date) -> list[str]:
	"""Names, the longest due first: something to charge, a trial or a term that is over, usage to look at.

	Parked ones are left out.
	"""
	contract = frappe.qb.DocType("Subscription Contract")
	charged = [status.value for status in (*BILLED, Status.TRIALLING)]
	suspended = Status.SUSPENDED.value
	reasons = (
		contract.status.isin(charged) & (contract.next_billing_date <= today),
		contract.status.isin([*charged, suspended]) & (contract.next_usage_billing <= today),
		(contract.status == suspended) & (contract.ends_on <= today),
	)
	found: dict[str, date] = {}
	for reason in reasons:
		# Not one query with OR, which MariaDB answers by reading every contract.
		rows = (
			frappe.qb.from_(contract)
			.select(contract.name, contract.next_billing_date)
			.where((contract.parked == 0) & reason)
			.run()
		)
		found.update((name, day or today) for name, day in rows)
	return sorted(found, key=lambda name: (found[name], name))
