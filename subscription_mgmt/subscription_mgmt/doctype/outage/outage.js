// What does a person see first on an outage, and what is he asked for?

// Once stored, these are corrected by the button alone, which asks for the reason.
const FACTS = ["started_at", "ended_at", "planned", "not_counted"];

frappe.ui.form.on("Outage", {
	onload(frm) {
		FACTS.forEach((field) => frm.set_df_property(field, "read_only", !frm.is_new()));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		show_length(frm);
		if (!frm.has_perm("write")) return;
		frm.add_custom_button(__("Correct"), () => correct(frm));
		const { planned, started_at, not_counted } = frm.doc;
		if (planned && started_at > frappe.datetime.now_datetime() && !not_counted) {
			frm.add_custom_button(__("Cancel maintenance"), () => cancel_maintenance(frm));
		}
	},

	planned(frm) {
		if (!frm.doc.planned) frm.set_value("announce", 0);
	},
});

function correct(frm) {
	const fields = FACTS.map((fieldname) => {
		const { fieldtype, label, description } = frappe.meta.get_docfield("Outage", fieldname);
		return { fieldname, fieldtype, label: __(label), description: __(description), default: frm.doc[fieldname] };
	});
	const change = ({ reason, ...facts }) => save_correction(frm, facts, reason);
	frappe.prompt([...fields, reason_field()], change, __("Correct"), __("Save"));
}

function cancel_maintenance(frm) {
	const title = __("Cancel maintenance");
	frappe.prompt([reason_field()], ({ reason }) => save_correction(frm, { not_counted: 1 }, reason), title, title);
}

function save_correction(frm, facts, reason) {
	const { started_at, ended_at, planned, not_counted } = { ...frm.doc, ...facts };
	const changed = { started_at, ended_at: ended_at || null, planned, not_counted, correction_reason: reason };
	return frm.set_value(changed).then(() => frm.save());
}

// Made when it is asked for: translations are not there yet when the script is read.
function reason_field() {
	return { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
}

function show_length(frm) {
	const { planned, started_at, ended_at, not_counted } = frm.doc;
	const now = frappe.datetime.now_datetime();
	if (not_counted) {
		frm.dashboard.set_headline_alert(__("Not counted."), "gray");
	} else if (planned && started_at > now) {
		frm.dashboard.set_headline_alert(__("Maintenance to come. It does not count against the promise."), "blue");
	} else if (!ended_at) {
		const since = frappe.datetime.comment_when(started_at);
		frm.dashboard.set_headline_alert(__("Not reached. It began: {0}.", [since]), "red");
	} else {
		const minutes = Math.round(moment(ended_at).diff(moment(started_at), "seconds") / 60);
		const text = planned
			? __("{0} minutes of maintenance, left out of the percentage.", [minutes])
			: __("{0} minutes, counted against the promise.", [minutes]);
		frm.dashboard.set_headline_alert(text, planned ? "blue" : "orange");
	}
}
