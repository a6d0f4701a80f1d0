// What can be done with a key pair? It can be withdrawn.

frappe.ui.form.on("Licence Signing Key", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status === "Withdrawn") return;
		frm.add_custom_button(__("Withdraw"), () =>
			frappe.confirm(
				__("Trust this pair no more? Every licence it signed gets a new key, which its customer must install."),
				() =>
					frappe
						.call("subscription_mgmt.api.licence.withdraw_signing_key", { name: frm.doc.name })
						.then(({ message }) => {
							frappe.show_alert(__("Licences signed again: {0}", [message]));
							frm.reload_doc();
						})
			)
		);
	},
});
