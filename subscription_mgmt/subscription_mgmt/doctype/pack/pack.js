// How is a pack sold that needs no contract?

frappe.ui.form.on("Pack", {
	refresh(frm) {
		const { one_off, needs_contract, disabled } = frm.doc;
		if (frm.is_new() || !one_off || needs_contract || disabled) return;
		if (frappe.model.can_create("Subscription Contract")) {
			frm.add_custom_button(__("Sell"), () => sell_pack(frm));
		}
	},
});

function sell_pack(frm) {
	const reference = frappe.utils.get_random(12);
	const fields = [
		{ fieldname: "customer", fieldtype: "Link", options: "Customer", label: __("Customer"), reqd: 1 },
		{ fieldname: "quantity", fieldtype: "Int", label: __("Quantity"), default: 1, reqd: 1, non_negative: 1 },
	];
	const sell = (values) =>
		frappe
			.call({
				method: "subscription_mgmt.api.pack.sell",
				args: { pack: frm.doc.name, reference, ...values },
				freeze: true,
			})
			.then(({ message }) => message && frappe.set_route("Form", "Sales Invoice", message));
	frappe.prompt(fields, sell, __("Sell"), __("Sell"));
}
