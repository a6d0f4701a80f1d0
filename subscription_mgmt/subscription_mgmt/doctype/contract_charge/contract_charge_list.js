// Which charges wait for an invoice?

frappe.listview_settings["Contract Charge"] = {
	add_fields: ["sales_invoice", "currency", "subscription_contract"],
	hide_name_column: true, // a name made of random letters tells nobody anything
	get_indicator: (doc) =>
		doc.sales_invoice
			? [__("Invoiced"), "green", "sales_invoice,is,set"]
			: [__("Waiting"), "orange", "sales_invoice,is,not set"],
	formatters: {
		what: (what, df, doc) => `${what} · ${doc.subscription_contract}`,
	},
};
