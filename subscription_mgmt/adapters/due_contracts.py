"""Which contracts have something due? One indexed query, however many contracts there are."""

from datetime import date

import frappe

from subscription_mgmt.engine.contracts import BILLED, Status


def due_contracts(today: date) -> list[str]:
	"""Names, the longest due first: something to charge, a trial or a term that is over. Parked ones are left out."""
	contract = frappe.qb.DocType("Subscription Contract")
	charged = [status.value for status in (*BILLED, Status.TRIALLING)]
	ends = (contract.status == Status.SUSPENDED.value) & (contract.ends_on <= today)
	return (
		frappe.qb.from_(contract)
		.select(contract.name)
		.where(contract.parked == 0)
		.where((contract.status.isin(charged) & (contract.next_billing_date <= today)) | ends)
		.orderby(contract.next_billing_date, contract.name)
		.run(pluck=True)
	)
