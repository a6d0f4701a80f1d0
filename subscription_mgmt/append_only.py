"""What keeps a ledger's records from being changed by anybody, Administrator too?

Services add to a ledger by writing its rows directly; every way a person or a script has is refused here.
"""

from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document


class AppendOnly(Document):
	"""The base of a ledger's controller, which says in its `refusal` what to do instead."""

	def refusal(self) -> str:
		return _("This ledger is only ever added to. Nobody changes or deletes its records.")

	def db_insert(self, *args: object, **kwargs: object) -> NoReturn:
		self.refuse()

	def db_update(self) -> NoReturn:
		self.refuse()

	def db_set(self, *args: object, **kwargs: object) -> NoReturn:
		self.refuse()

	def before_rename(self, *args: object) -> NoReturn:
		self.refuse()

	def on_trash(self) -> NoReturn:
		self.refuse()

	def refuse(self) -> NoReturn:
		frappe.throw(self.refusal(), frappe.PermissionError, title=_("Not possible"))
