"""Where can a person read what happened to a contract? On its timeline."""

import frappe
from frappe import _

from subscription_mgmt.adapters.contract_records import DOCTYPE
from subscription_mgmt.engine.contracts import Contract
from subscription_mgmt.engine.invoicing import Invoice
from subscription_mgmt.refusals import sentence


class TimelineComments:
	"""Implements `ports.Journal` with comments on the contract."""

	def status_changed(self, before: Contract, after: Contract) -> None:
		self._comment(after.name, _("{0} → {1}").format(_(before.status.value), _(after.status.value)))

	def invoiced(self, invoice: Invoice) -> None:
		"""Nothing: the Sales Invoice itself links to the contract and stands among its connections."""

	def noted(self, contract: Contract, code: str, **figures: object) -> None:
		self._comment(contract.name, sentence(code, **figures))

	def _comment(self, contract: str, text: str) -> None:
		frappe.get_doc(
			{
				"doctype": "Comment",
				"comment_type": "Info",
				"reference_doctype": DOCTYPE,
				"reference_name": contract,
				"comment_email": frappe.session.user,
				"content": text,
			}
		).insert(ignore_permissions=True)
