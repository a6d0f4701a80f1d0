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
	"Hosted Instance": ["public/js/instance_state.js", "public/js/instance_backups.js"],
	"SLA Ticket": ["public/js/ticket_offers.js", "public/js/ticket_desk.js", "public/js/ticket_clock.js"],
	"Sales Invoice": "public/js/contract_usage.js",
	"Subscription Contract": ["public/js/contract_lifecycle.js", "public/js/contract_usage.js"],
}

doctype_list_js = {
	"Hosted Instance": "public/js/maintenance.js",
}

# ERPNext, extended by events
doc_events = {
	"Communication": {
		"after_insert": "subscription_mgmt.events.communication.act_on_ticket",
	},
	"Customer": {
		"validate": "subscription_mgmt.events.customer.give_portal_roles",
	},
	"File": {
		"after_insert": "subscription_mgmt.events.file.share_with_ticket",
	},
	"Payment Ledger Entry": {
		"on_submit": "subscription_mgmt.events.payment_ledger_entry.look_at_contract",
	},
	"Sales Invoice": {
		"on_update": "subscription_mgmt.events.sales_invoice.link_charges",
		"on_submit": "subscription_mgmt.events.sales_invoice.settle_packs",
		"on_cancel": [
			"subscription_mgmt.events.sales_invoice.settle_packs",
			"subscription_mgmt.events.sales_invoice.free_charges",
		],
		"on_trash": "subscription_mgmt.events.sales_invoice.free_charges",
	},
}
# Mails to the support address (docs/decisions/0018)
override_doctype_class = {
	"Email Account": "subscription_mgmt.events.email_account.SupportEmailAccount",
}
make_email_body_message = ["subscription_mgmt.adapters.mail_headers.mark_automatic"]
override_doctype_dashboards = {
	"Customer": "subscription_mgmt.events.customer.dashboard",
}

# What happened to a contract stands on its form, and outlives a draft that is deleted
additional_timeline_content = {
	"Subscription Contract": ["subscription_mgmt.api.activity.timeline"],
}
ignore_links_on_delete = ["Subscription Activity"]

# What print formats may ask
jinja = {"methods": ["subscription_mgmt.adapters.credit_statements.credit_statement"]}

# Customers see what is theirs
permission_query_conditions = {
	"Meter Reading": "subscription_mgmt.permissions.own_records_query",
	"Access Grant": "subscription_mgmt.permissions.own_records_query",
	"Access Grant Look": "subscription_mgmt.permissions.own_records_query",
	"Contract User": "subscription_mgmt.permissions.own_records_query",
	"Backup Run": "subscription_mgmt.permissions.own_records_query",
	"Hosted Instance": "subscription_mgmt.permissions.own_records_query",
	"Subscription Contract": "subscription_mgmt.permissions.own_records_query",
	"Contract Charge": "subscription_mgmt.permissions.own_records_query",
	"Outage": "subscription_mgmt.permissions.own_records_query",
	"Licence": "subscription_mgmt.permissions.own_records_query",
	"Recovery Certificate": "subscription_mgmt.permissions.own_records_query",
	"Restore Run": "subscription_mgmt.permissions.own_records_query",
	"SLA Ticket": "subscription_mgmt.permissions.own_records_query",
	"Support Credit": "subscription_mgmt.permissions.own_records_query",
	"Support Credit Account": "subscription_mgmt.permissions.own_records_query",
	"Training Session": "subscription_mgmt.permissions.own_records_query",
	"Usage Record": "subscription_mgmt.permissions.own_records_query",
	"Subscription Activity": "subscription_mgmt.permissions.own_activity_query",
}
has_permission = {
	"Meter Reading": "subscription_mgmt.permissions.is_own_record",
	"Access Grant": "subscription_mgmt.permissions.is_own_record",
	"Access Grant Look": "subscription_mgmt.permissions.is_own_record",
	"Contract User": "subscription_mgmt.permissions.is_own_record",
	"Backup Run": "subscription_mgmt.permissions.is_own_record",
	"Hosted Instance": "subscription_mgmt.permissions.is_own_record",
	"Subscription Contract": "subscription_mgmt.permissions.is_own_record",
	"Contract Charge": "subscription_mgmt.permissions.is_own_record",
	"Outage": "subscription_mgmt.permissions.is_own_record",
	"Licence": "subscription_mgmt.permissions.is_own_record",
	"Recovery Certificate": "subscription_mgmt.permissions.is_own_record",
	"Restore Run": "subscription_mgmt.permissions.is_own_record",
	"SLA Ticket": "subscription_mgmt.permissions.is_own_record",
	"Support Credit": "subscription_mgmt.permissions.is_own_record",
	"Support Credit Account": "subscription_mgmt.permissions.is_own_record",
	"Training Session": "subscription_mgmt.permissions.is_own_record",
	"Usage Record": "subscription_mgmt.permissions.is_own_record",
	"Subscription Activity": "subscription_mgmt.permissions.is_own_activity",
}

# The portal: its place in Frappe's menu, and where a customer lands after logging in
standard_portal_menu_items = [
	{
		"title": "Services",
		"route": "/services",
		"reference_doctype": "Subscription Contract",
		"role": "Customer",
	},
]
get_website_user_home_page = "subscription_mgmt.api.portal.home.home_page"
default_log_clearing_doctypes = {"Hosting Operation": 180, "Portal Signup": 7}

# A meter's report that is no JSON is the meter's mistake, whatever Frappe says before an endpoint is called
after_request = ["subscription_mgmt.api.malformed.answer_bad_request"]

# Every hour, for contracts in every time zone: each asks what is due, so a missed hour heals itself
scheduler_events = {
	"cron": {
		"* * * * *": ["subscription_mgmt.jobs.hosting.drive"],
		"2 * * * *": ["subscription_mgmt.jobs.usage.close_quiet_months"],
		"50 * * * *": ["subscription_mgmt.jobs.metering.start"],
		"5 * * * *": ["subscription_mgmt.jobs.billing.start_run"],
		"35 * * * *": ["subscription_mgmt.jobs.daily_answers.report"],
		"20 * * * *": ["subscription_mgmt.jobs.lifecycle.start_run"],
		"*/5 * * * *": [
			"subscription_mgmt.jobs.support.watch_deadlines",
			"subscription_mgmt.jobs.access.expire",
			"subscription_mgmt.jobs.access.remind",
			"subscription_mgmt.jobs.training.tell",
			"subscription_mgmt.jobs.probe.probe_instances",
			"subscription_mgmt.jobs.backups.schedule",
		],
		"40 1 * * *": ["subscription_mgmt.jobs.support.expire", "subscription_mgmt.jobs.holidays.fill"],
		"10 3 * * *": ["subscription_mgmt.jobs.backups.tidy_all"],
	},
}
