// Which charges wait for an invoice?

frappe.listview_settings["Contract Charge"] = {
	add_fields: ["sales_invoice"],
	get_indicator: (doc) =>
		doc.sales_invoice
			? [__("Invoiced"), "green", "sales_invoice,is,set"]
			: [__("Waiting"), "orange", "sales_invoice,is,not set"],
};
