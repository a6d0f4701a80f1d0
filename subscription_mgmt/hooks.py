"""What does the app plug into? An index: every value names the place that does the work."""

from subscription_mgmt import __version__ as app_version  # noqa: F401 - Frappe reads it here

app_name = "subscription_mgmt"
app_title = "Subscription Management"
app_publisher = "The subscription_mgmt contributors"
app_description = "Subscriptions, licences, hosting and support for ERPNext"
app_email = "maintainers@subscription-mgmt.example"
app_license = "gpl-3.0"
required_apps = ["frappe/erpnext"]  # with its owner: the bare name makes the installer ask GitHub who that is
export_python_type_annotations = True

add_to_apps_screen = [
	{
		"name": app_name,
		"logo": "/assets/subscription_mgmt/images/logo.svg",
		"title": app_title,
		"route": "/app/subscriptions",
		"has_permission": "subscription_mgmt.permissions.may_use_desk",
	}
]

after_install = "subscription_mgmt.install.after_install"
after_migrate = "subscription_mgmt.install.after_migrate"
before_uninstall = "subscription_mgmt.install.remove_custom_fields"

# A second script of our own form: what the lifecycle adds to it
doctype_js = {
	"Subscription Contract": "public/js/contract_lifecycle.js",
}

# ERPNext, extended by events
doc_events = {
	"Payment Ledger Entry": {
		"on_submit": "subscription_mgmt.events.payment_ledger_entry.look_at_contract",
	},
	"Sales Invoice": {
		"on_update": "subscription_mgmt.events.sales_invoice.link_charges",
		"on_cancel": "subscription_mgmt.events.sales_invoice.free_charges",
		"on_trash": "subscription_mgmt.events.sales_invoice.free_charges",
	},
}
override_doctype_dashboards = {
	"Customer": "subscription_mgmt.events.customer.dashboard",
}

# What happened to a contract stands on its form, and outlives a draft that is deleted
additional_timeline_content = {
	"Subscription Contract": ["subscription_mgmt.api.activity.timeline"],
}
ignore_links_on_delete = ["Subscription Activity"]

# Customers see what is theirs
permission_query_conditions = {
	"Hosted Instance": "subscription_mgmt.permissions.own_records_query",
	"Subscription Contract": "subscription_mgmt.permissions.own_records_query",
	"Contract Charge": "subscription_mgmt.permissions.own_records_query",
	"Licence": "subscription_mgmt.permissions.own_records_query",
	"SLA Ticket": "subscription_mgmt.permissions.own_records_query",
	"Support Credit": "subscription_mgmt.permissions.own_records_query",
	"Support Credit Account": "subscription_mgmt.permissions.own_records_query",
	"Usage Record": "subscription_mgmt.permissions.own_records_query",
	"Subscription Activity": "subscription_mgmt.permissions.own_activity_query",
}
has_permission = {
	"Hosted Instance": "subscription_mgmt.permissions.is_own_record",
	"Subscription Contract": "subscription_mgmt.permissions.is_own_record",
	"Contract Charge": "subscription_mgmt.permissions.is_own_record",
	"Licence": "subscription_mgmt.permissions.is_own_record",
	"SLA Ticket": "subscription_mgmt.permissions.is_own_record",
	"Support Credit": "subscription_mgmt.permissions.is_own_record",
	"Support Credit Account": "subscription_mgmt.permissions.is_own_record",
	"Usage Record": "subscription_mgmt.permissions.is_own_record",
	"Subscription Activity": "subscription_mgmt.permissions.is_own_activity",
}

# Every hour, for contracts in every time zone: each asks what is due, so a missed hour heals itself
scheduler_events = {
	"cron": {
		"5 * * * *": ["subscription_mgmt.jobs.billing.start_run"],
		"20 * * * *": ["subscription_mgmt.jobs.lifecycle.start_run"],
		"*/5 * * * *": ["subscription_mgmt.jobs.support.watch_deadlines"],
		"40 1 * * *": ["subscription_mgmt.jobs.support.expire"],
	},
}
