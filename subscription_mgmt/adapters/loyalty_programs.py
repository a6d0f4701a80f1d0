"""Which company gives a loyalty program's points away, and on which account are redeemed ones booked?"""

import frappe

DOCTYPE = "Loyalty Program"


def company_of_program() -> dict[str, str | None]:
	"""What ERPNext needs to redeem points and a catalogue file cannot say. A person may choose others."""
	company = frappe.get_cached_doc("Subscription Mgmt Settings").company
	columns = ["default_discount_account", "default_expense_account", "cost_center"]
	found = frappe.get_cached_value("Company", company, columns, as_dict=True) if company else None
	if not found:
		return {}
	account = found.default_discount_account or found.default_expense_account
	return {"company": company, "expense_account": account, "cost_center": found.cost_center}
