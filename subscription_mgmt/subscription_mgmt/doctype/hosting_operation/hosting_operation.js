// What can a person do about an operation that did not get done?

const HOSTING = "subscription_mgmt.api.hosting.";
const OPERATORS = ["Subscription Manager", "System Manager"];

frappe.ui.form.on("Hosting Operation", {
	refresh(frm) {
		frm.disable_save();
		const { status, problem, kind } = frm.doc;
		if (problem && ["Failed", "Waiting", "Queued"].includes(status)) {
			frm.set_intro(frappe.utils.escape_html(problem), status === "Failed" ? "red" : "orange");
		}
		if (!OPERATORS.some((role) => frappe.user.has_role(role))) return;
		if (status === "Failed") frm.add_custom_button(__("Try Again"), () => call(frm, "try_again"));
		if (["Queued", "Waiting", "Failed"].includes(status)) {
			const question =
				kind === "Drop"
					? __("Keep the data of {0}? It stays restricted.", [frm.doc.instance])
					: __("Leave this undone?");
			frm.add_custom_button(__("Call Off"), () =>
				frappe.confirm(frappe.utils.escape_html(question), () => call(frm, "call_off"))
			);
		}
	},
});

function call(frm, verb) {
	frappe
		.call({ method: HOSTING + verb, args: { operation: frm.doc.name }, freeze: true })
		.then(() => frm.reload_doc());
}
