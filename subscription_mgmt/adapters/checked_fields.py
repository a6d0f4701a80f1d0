"""Is a record filled in? Frappe asks only after `validate`, where the rules already rely on it."""

from frappe.model.document import Document


def check_fields(record: Document) -> None:
	"""Refuse missing mandatory values and choices that a list does not offer, in Frappe's own sentences."""
	record._validate_mandatory()
	for row in (record, *record.get_all_children()):
		row._validate_selects()
