// How is a certificate issued?

frappe.listview_settings["Recovery Certificate"] = {
	add_fields: ["customer"],
	get_indicator: (doc) => [doc.customer, "blue", `customer,=,${doc.customer}`],
	onload(list) {
		if (!frappe.user.has_role(["Subscription Manager", "System Manager"])) return;
		list.page.add_inner_button(__("Issue"), () => issue_certificate());
	},
};

function issue_certificate() {
	const month_ago = frappe.datetime.add_months(frappe.datetime.get_today(), -1);
	const fields = [
		{ fieldname: "customer", fieldtype: "Link", options: "Customer", label: __("Customer"), reqd: 1 },
		{ fieldname: "from_date", fieldtype: "Date", label: __("From Date"), reqd: 1, default: month_ago },
		{ fieldname: "to_date", fieldtype: "Date", label: __("To Date"), reqd: 1, default: frappe.datetime.get_today() },
	];
	const done = (values) =>
		frappe
			.call({ method: "subscription_mgmt.api.certificate.issue", args: values, freeze: true })
			.then(({ message }) => frappe.set_route("print", "Recovery Certificate", message));
	frappe.prompt(fields, done, __("Certificate of Recovery"), __("Issue"));
}
