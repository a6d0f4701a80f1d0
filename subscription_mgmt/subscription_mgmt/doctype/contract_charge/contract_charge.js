// How is a pack sold without a contract invoiced again, after its invoice was cancelled?

frappe.ui.form.on("Contract Charge", {
	refresh(frm) {
		const { subscription_contract, licence, sales_invoice, kind } = frm.doc;
		if (subscription_contract || licence || sales_invoice || kind !== "pack") return;
		if (!frappe.model.can_create("Subscription Contract")) return;
		frm.add_custom_button(__("Invoice Again"), () =>
			frappe
				.call({
					method: "subscription_mgmt.api.pack.invoice_again",
					args: { charge: frm.doc.name },
					freeze: true,
				})
				.then(({ message }) => message && frappe.set_route("Form", "Sales Invoice", message))
		);
	},
});
