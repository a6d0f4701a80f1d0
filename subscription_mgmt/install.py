"""What does the app put on a site, and take away again?"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from subscription_mgmt.custom_fields import CUSTOM_FIELDS


def after_install() -> None:
	make_custom_fields()
	set_defaults()


def make_custom_fields() -> None:
	create_custom_fields(CUSTOM_FIELDS, ignore_validate=True)


def remove_custom_fields() -> None:
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			frappe.delete_doc_if_exists("Custom Field", f"{doctype}-{field['fieldname']}", force=True)


def set_defaults() -> None:
	"""Company and currency of the site, so that a first contract needs no visit to the settings."""
	settings = frappe.get_doc("Subscription Mgmt Settings")
	settings.company = settings.company or frappe.db.get_default("company")
	settings.currency = settings.currency or frappe.db.get_default("currency")
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)
