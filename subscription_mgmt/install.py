"""What does the app put on a site, and take away again?"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from subscription_mgmt.adapters.assignment import make_example_rule
from subscription_mgmt.adapters.email_notices import template_name
from subscription_mgmt.adapters.portal_members import complete_all_roles
from subscription_mgmt.custom_fields import CUSTOM_FIELDS
from subscription_mgmt.email_templates import TEMPLATES


def after_install() -> None:
	make_custom_fields()
	complete_all_roles()
	make_email_templates()
	set_defaults()
	make_example_rule()


def after_migrate() -> None:
	make_custom_fields()
	complete_all_roles()
	make_email_templates()


def make_custom_fields() -> None:
	create_custom_fields(CUSTOM_FIELDS, ignore_validate=True)


def make_email_templates() -> None:
	"""Those that are missing: what a vendor changed or wrote himself stays."""
	for kind, by_language in TEMPLATES.items():
		for language, (subject, message) in by_language.items():
			name = template_name(kind, language)
			if not frappe.db.exists("Email Template", name):
				template = {"doctype": "Email Template", "name": name, "subject": subject}
				frappe.get_doc({**template, "use_html": 1, "response_html": message}).insert(
					ignore_permissions=True
				)


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
