// How far is a restore, was the promise kept, and may a customer's request begin?

const RESTORE = "subscription_mgmt.api.backup.";

frappe.ui.form.on("Restore Run", {
	refresh(frm) {
		frm.disable_save();
		show_clock(frm);
		if (frm.doc.status === "Requested" && frappe.user.has_role(["Subscription Manager", "System Manager"])) {
			frm.add_custom_button(__("Approve"), () => approve(frm));
			frm.add_custom_button(__("Decline"), () => decline(frm));
		}
	},
});

function show_clock(frm) {
	const { status, problem, promise, minutes_taken, promised_minutes, purpose } = frm.doc;
	if (problem) {
		frm.dashboard.set_headline_alert(frappe.utils.escape_html(problem), "red");
	} else if (status === "Done" && purpose === "Drill") {
		frm.dashboard.set_headline_alert(__("The restored copy has every row that the system had."), "green");
	} else if (status === "Done") {
		const facts = [__("Back after {0} minutes", [minutes_taken])];
		if (promised_minutes) facts.push(__("promised: {0}", [promised_minutes]));
		frm.dashboard.set_headline_alert(facts.join(" · "), promise === "Broken" ? "orange" : "green");
	} else if (promised_minutes && !["Failed", "Declined"].includes(status)) {
		// Both by the site's clock, wherever the browser is
		const since = frappe.datetime.get_minute_diff(frappe.datetime.system_datetime(), frm.doc.requested_at);
		const colour = since > promised_minutes ? "red" : "blue";
		frm.dashboard.set_headline_alert(__("{0} of {1} promised minutes gone", [since, promised_minutes]), colour);
	}
}

function approve(frm) {
	const fields = [
		{
			fieldtype: "HTML",
			options: `<p>${__("Everything that was entered in {0} since its backup will be gone.", [
				frappe.utils.escape_html(frm.doc.instance),
			])}</p>`,
		},
		{
			fieldname: "without_safety",
			fieldtype: "Check",
			label: __("Without a backup of the present state"),
			description: __("Only when it is too broken to be saved, or not worth keeping."),
		},
	];
	const begin = (values) => call(frm, "approve_restore", values);
	frappe.prompt(fields, begin, __("Restore {0}", [frappe.utils.escape_html(frm.doc.instance)]), __("Approve"));
}

function decline(frm) {
	frappe.confirm(__("Decline what the customer asked for?"), () => call(frm, "decline_restore"));
}

function call(frm, verb, values = {}) {
	const args = { name: frm.doc.name, ...values };
	return frappe.call({ method: RESTORE + verb, args, freeze: true }).then(() => frm.reload_doc());
}
