// How does an operator back up an instance, or prove its newest backup, without looking for a run first?

(() => {
	frappe.ui.form.on("Hosted Instance", {
		refresh(frm) {
			const is_run_by_persons = frm.doc.provider === "Manual" || frm.doc.actual_mode === "Deleted";
			if (frm.is_new() || is_run_by_persons || !frm.has_perm("write")) return;
			const group = __("Backups");
			frm.add_custom_button(__("Back up now"), () => order(frm, "back_up_now", "Backup Run"), group);
			frm.add_custom_button(__("Restore Drill"), () => order(frm, "drill", "Restore Run"), group);
		},
	});

	function order(frm, verb, doctype) {
		const args = { instance: frm.doc.name };
		frappe
			.call({ method: `subscription_mgmt.api.backup.${verb}`, args, freeze: true })
			.then(({ message }) => frappe.set_route("Form", doctype, message));
	}
})();
