"""What was reached for a customer in a span of days: losses, restores, drills, availability?"""

from frappe.model.document import Document


class RecoveryCertificate(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from subscription_mgmt.subscription_mgmt.doctype.recovery_certificate_row.recovery_certificate_row import (
			RecoveryCertificateRow,
		)

		customer: DF.Link | None
		from_date: DF.Date | None
		issued_at: DF.Datetime | None
		language: DF.Link | None
		systems: DF.Table[RecoveryCertificateRow]
		to_date: DF.Date | None
	# end: auto-generated types
