// What does an operator confirm about an instance?

const LIFECYCLE = "subscription_mgmt.api.lifecycle.";

frappe.ui.form.on("Hosted Instance", {
	refresh(frm) {
		if (frm.is_new()) return;
		show_state(frm);
		if (frm.has_perm("write")) add_buttons(frm);
	},
});

function show_state(frm) {
	const { wanted_mode, actual_mode } = frm.doc;
	if (wanted_mode && wanted_mode !== actual_mode) {
		if (!is_manual(frm)) {
			const said = __("Wanted: {0}. The operation that sets it stands below.", [__(wanted_mode)]);
			frm.set_intro(said, "orange");
			return;
		}
		frm.set_intro(__("Wanted: {0}. Set it on the system, then confirm it.", [__(wanted_mode)]), "orange");
	}
}

function add_buttons(frm) {
	const { wanted_mode, actual_mode } = frm.doc;
	if (!is_manual(frm)) add_machine_buttons(frm);
	if (is_manual(frm) && wanted_mode && wanted_mode !== actual_mode) {
		frm.add_custom_button(__("Confirm access mode"), () => ask(frm, "confirm_mode", confirm_question(frm)));
	}
	if (actual_mode === "Restricted") {
		const backup = __("Did you take a backup of {0} today, and verify it?", [frm.doc.name]);
		if (is_manual(frm)) {
			frm.add_custom_button(__("Confirm final backup"), () => ask(frm, "confirm_final_backup", backup));
		}
		const release = __("May the data of {0} be deleted once nothing else speaks against it?", [frm.doc.name]);
		frm.add_custom_button(__("Release deletion"), () => ask(frm, "release_deletion", release));
	}
}

function is_manual(frm) {
	return (frm.doc.provider || "Manual") === "Manual";
}

function add_machine_buttons(frm) {
	const system = __("System");
	const call = (verb, args = {}) =>
		frappe
			.call({
				method: `subscription_mgmt.api.hosting.${verb}`,
				args: { instance: frm.doc.name, ...args },
				freeze: true,
			})
			.then(() => frm.reload_doc());
	if (frm.doc.actual_mode === "Deleted") return;
	if (!frm.doc.version) frm.add_custom_button(__("Make It"), () => call("provision"), system);
	frm.add_custom_button(__("Look How It Is"), () => call("look"), system);
	frm.add_custom_button(__("Update"), () => ask_for_window((window) => call("update", window)), system);
}

function ask_for_window(then) {
	frappe.prompt(
		[
			{
				fieldname: "at",
				fieldtype: "Datetime",
				label: __("Not Before"),
				description: __("Empty: at once."),
			},
			{
				fieldname: "minutes",
				fieldtype: "Int",
				label: __("Minutes"),
				default: 60,
				depends_on: "at",
				description: __("Length of the window. The customer is told of it."),
			},
		],
		then,
		__("Update"),
		__("Update")
	);
}

function confirm_question(frm) {
	return __("Is the access of {0} really {1} now?", [frm.doc.name, __(frm.doc.wanted_mode)]);
}

function ask(frm, verb, question) {
	frappe.confirm(frappe.utils.escape_html(question), () =>
		frappe
			.call({ method: LIFECYCLE + verb, args: { instance: frm.doc.name }, freeze: true })
			.then(() => frm.reload_doc())
	);
}
