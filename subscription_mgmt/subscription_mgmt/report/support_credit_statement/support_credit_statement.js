// Whose credits does the statement show, and from which day to which?

frappe.query_reports["Support Credit Statement"] = {
	filters: [
		{ fieldname: "customer", fieldtype: "Link", options: "Customer", label: __("Customer"), reqd: 1 },
		{ fieldname: "from_date", fieldtype: "Date", label: __("From Date") },
		{ fieldname: "to_date", fieldtype: "Date", label: __("To Date") },
	],
	onload(report) {
		report.page.add_inner_button(__("PDF for the customer"), () => {
			const { customer, from_date, to_date } = report.get_values() || {};
			if (!customer) return;
			const asked = new URLSearchParams({ customer, from_date: from_date || "", to_date: to_date || "" });
			window.open(`/api/method/subscription_mgmt.api.credits.statement_pdf?${asked}`);
		});
	},
};
