// How does a meter get its key? It is made here and shown once.

frappe.ui.form.on("Usage Meter", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("New Key"), () =>
			frappe.confirm(__("Make a new key? The one before stops working at once."), () =>
				frappe.call("subscription_mgmt.api.usage.new_key", { meter: frm.doc.name }).then(({ message }) => {
					frappe.msgprint({
						title: __("Key of {0}", [frm.doc.name]),
						message: `<p>${__("Copy it now: it is shown once and kept nowhere.")}</p><code>${message}</code>`,
					});
					frm.reload_doc();
				})
			)
		);
	},
});
