// What came of a backup, and what can be done with it?

const BACKUP = "subscription_mgmt.api.backup.";
const STORED = ["Good", "Suspicious"];
const AT_WORK = ["Queued", "Dumping", "Verifying", "Copying", "Reading Back"];

frappe.ui.form.on("Backup Run", {
	refresh(frm) {
		frm.disable_save();
		show_state(frm);
		if (frappe.user.has_role(["Subscription Manager", "System Manager"])) add_buttons(frm);
	},
});

function show_state(frm) {
	const { status, problem, legal_hold } = frm.doc;
	if (AT_WORK.includes(status)) frm.dashboard.set_headline_alert(__(status), "blue");
	else if (problem) frm.dashboard.set_headline_alert(frappe.utils.escape_html(problem), "red");
	else if (legal_hold) frm.dashboard.set_headline_alert(__("On hold: it is never removed."), "orange");
	frm.set_df_property("size", "description", frappe.form.formatters.FileSize(frm.doc.size));
}

function add_buttons(frm) {
	const { status, instance, legal_hold } = frm.doc;
	if (status === "Suspicious") {
		const question = __("Does {0} really hold so little now?", [instance]);
		frm.add_custom_button(__("Approve"), () => ask(frm, "approve_small", question));
	}
	if (STORED.includes(status)) {
		frm.add_custom_button(__("Restore"), () => restore(frm));
		frm.add_custom_button(__("Restore Drill"), () => drill(frm), __("More"));
	}
	if (STORED.includes(status) || AT_WORK.includes(status)) {
		const label = legal_hold ? __("Release") : __("Hold");
		frm.add_custom_button(label, () => call("set_hold", { run: frm.doc.name, held: legal_hold ? 0 : 1 }).then(() => frm.reload_doc()), __("More"));
	}
	frm.add_custom_button(
		__("Back up again"),
		() => call("back_up_now", { instance }).then(({ message }) => frappe.set_route("Form", "Backup Run", message)),
		__("More")
	);
}

function restore(frm) {
	const { name, instance, due_at } = frm.doc;
	const fields = [
		{
			fieldtype: "HTML",
			options: `<p>${__("Everything that was entered in {0} since {1} will be gone.", [
				frappe.utils.escape_html(instance),
				frappe.datetime.str_to_user(due_at),
			])}</p>`,
		},
		{
			fieldname: "instance",
			fieldtype: "Data",
			label: __("Write the name of the system to confirm"),
			reqd: 1,
		},
		{
			fieldname: "without_safety",
			fieldtype: "Check",
			label: __("Without a backup of the present state"),
			description: __("Only when it is too broken to be saved, or not worth keeping."),
		},
	];
	frappe.prompt(
		fields,
		(values) =>
			call("restore", { run: name, ...values }).then(({ message }) => frappe.set_route("Form", "Restore Run", message)),
		__("Restore {0}", [frappe.utils.escape_html(instance)]),
		__("Restore")
	);
}

function drill(frm) {
	call("drill", { instance: frm.doc.instance }).then(({ message }) => frappe.set_route("Form", "Restore Run", message));
}

function ask(frm, verb, question) {
	frappe.confirm(frappe.utils.escape_html(question), () => call(verb, { run: frm.doc.name }).then(() => frm.reload_doc()));
}

function call(verb, args) {
	return frappe.call({ method: BACKUP + verb, args, freeze: true });
}
