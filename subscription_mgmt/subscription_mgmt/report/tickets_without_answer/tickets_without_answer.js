// Whose tickets does the report show?

frappe.query_reports["Tickets Without Answer"] = {
	filters: [{ fieldname: "customer", fieldtype: "Link", options: "Customer", label: __("Customer") }],
};
