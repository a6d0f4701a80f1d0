// Does a second place work, and is its machine the right one?

const STORE = "subscription_mgmt.api.backup.";

frappe.ui.form.on("Backup Store", {
	refresh(frm) {
		if (frm.is_new() || !frm.has_perm("write")) return;
		frm.add_custom_button(__("Test"), () => test(frm));
		if (frm.doc.kind === "SFTP") frm.add_custom_button(__("Read host key"), () => read_host_key(frm));
	},
});

function test(frm) {
	call(frm, "test_store").then(({ message }) => {
		frappe.show_alert(frappe.utils.escape_html(message));
		frm.reload_doc();
	});
}

function read_host_key(frm) {
	call(frm, "read_host_key").then(({ message: { key, fingerprint } }) => {
		const question = __("The machine shows the key {0}. Is that its own? Compare it with ssh-keygen -l on the machine.", [
			`<code>${frappe.utils.escape_html(fingerprint)}</code>`,
		]);
		frappe.confirm(question, () => frm.set_value("host_key", key).then(() => frm.save()));
	});
}

function call(frm, verb) {
	return frappe.call({ method: STORE + verb, args: { name: frm.doc.name }, freeze: true });
}
