// How does a person get from a balance to the lines it is made of?

frappe.ui.form.on("Support Credit Account", {
	refresh(frm) {
		const { customer } = frm.doc;
		frm.add_custom_button(__("Statement"), () =>
			frappe.set_route("query-report", "Support Credit Statement", { customer })
		);
		frm.add_custom_button(__("PDF for the customer"), () =>
			window.open(
				`/api/method/subscription_mgmt.api.credits.statement_pdf?customer=${encodeURIComponent(customer)}`
			)
		);
	},
});
