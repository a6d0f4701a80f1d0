// Does the server answer, and how full is it?

frappe.ui.form.on("Hosting Server", {
	refresh(frm) {
		if (frm.is_new()) return;
		show_load(frm);
		if (!frm.has_perm("write") || frm.doc.provider === "Manual") return;
		frm.add_custom_button(__("Test Connection"), () =>
			frappe
				.call({
					method: "subscription_mgmt.api.hosting.test_connection",
					args: { server: frm.doc.name },
					freeze: true,
					freeze_message: __("Asking {0}", [frm.doc.name]),
				})
				.then(() => frm.reload_doc())
		);
		if (frm.doc.last_problem) frm.set_intro(frappe.utils.escape_html(frm.doc.last_problem), "red");
	},
});

function show_load(frm) {
	const here = { hosting_server: frm.doc.name, actual_mode: ["!=", "Deleted"] };
	frappe.db.count("Hosted Instance", { filters: here }).then((systems) => {
		const colour = systems >= frm.doc.capacity ? "orange" : "green";
		frm.dashboard.add_indicator(__("{0} of {1} systems", [systems, frm.doc.capacity]), colour);
	});
}
