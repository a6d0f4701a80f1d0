"""What does the app plug into? An index: every value names the place that does the work."""

from subscription_tenant import __version__ as app_version  # noqa: F401 - Frappe reads it here

app_name = "subscription_tenant"
app_title = "Subscription Tenant"
app_publisher = "The subscription_mgmt contributors"
app_description = "What a vendor of subscriptions needs on a customer's Frappe site"
app_email = "maintainers@subscription-mgmt.example"
app_license = "gpl-3.0"

# How far the site may be used
before_request = ["subscription_tenant.guard.before_request"]
after_request = ["subscription_tenant.guard.after_request"]
on_login = ["subscription_tenant.guard.on_login"]
on_logout = ["subscription_tenant.guard.on_logout"]
before_job = ["subscription_tenant.guard.before_job"]
before_write_file = ["subscription_tenant.guard.before_write_file"]
extend_bootinfo = ["subscription_tenant.guard.extend_bootinfo"]
update_website_context = ["subscription_tenant.guard.update_website_context"]
app_include_js = ["/assets/subscription_tenant/js/read_only.js"]
doc_events = {
	"*": {
		event: "subscription_tenant.guard.before_change"
		for event in (
			"before_insert",
			"before_validate",
			"before_submit",
			"before_cancel",
			"before_update_after_submit",
			"before_change",
			"before_rename",
			"on_trash",
		)
	}
}
