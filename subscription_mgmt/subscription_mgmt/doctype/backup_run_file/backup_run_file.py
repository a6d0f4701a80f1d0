"""What does a backup consist of, and where does each part lie?"""

from frappe.model.document import Document


class BackupRunFile(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		kind: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		path: DF.SmallText | None
		sha256: DF.Data | None
		size: DF.Int
		store_key: DF.SmallText | None
		stored_sha256: DF.Data | None
		stored_size: DF.Int
	# end: auto-generated types
