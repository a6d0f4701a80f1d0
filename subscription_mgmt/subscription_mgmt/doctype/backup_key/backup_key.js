// How is a key kept away from this site, for the day when the site is lost?

frappe.ui.form.on("Backup Key", {
	refresh(frm) {
		frm.disable_save();
		if (!frappe.user.has_role("System Manager")) return;
		frm.add_custom_button(__("Show private key"), () =>
			frappe.confirm(__("Who has this key reads every backup it encrypted. It is written down that you looked."), () =>
				frappe
					.call({ method: "subscription_mgmt.api.backup.reveal_key", args: { name: frm.doc.name } })
					.then(({ message }) => show(message))
			)
		);
	},
});

function show(key) {
	const text = __("Keep it where this site is not. Any age program opens a backup with it.");
	frappe.msgprint(`<p>${text}</p><pre>${frappe.utils.escape_html(key)}</pre>`, __("Private Key"));
}
