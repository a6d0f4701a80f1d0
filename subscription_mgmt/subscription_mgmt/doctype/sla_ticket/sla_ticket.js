// What does a person see first on a ticket, and what can he do with it?

const TICKET_API = "subscription_mgmt.api.ticket.";
const FINISHED = ["Resolved", "Closed"];

frappe.ui.form.on("SLA Ticket", {
	setup(frm) {
		frm.set_query("contract", () => ({
			filters: { customer: frm.doc.customer || "", status: ["in", ["Trialling", "Active", "Past Due"]] },
		}));
	},

	refresh(frm) {
		explain_severity(frm);
		if (frm.is_new()) return;
		if (frm.has_perm("write")) add_ticket_buttons(frm);
		frm.add_custom_button(__("Explain deadlines"), () => explain(frm));
	},

	severity: explain_severity,
});

let severities = null;

// What each severity means; asked once for all forms.
function defined_severities() {
	severities = severities || frappe.call(TICKET_API + "severities").then(({ message }) => message);
	return severities;
}

function explain_severity(frm) {
	defined_severities().then((meanings) =>
		frm.set_df_property("severity", "description", meanings[frm.doc.severity] || "")
	);
}

function add_ticket_buttons(frm) {
	const { status, acknowledged_at } = frm.doc;
	if (status === "Closed") return;
	if (status === "Resolved") return;
	if (!acknowledged_at) {
		frm.add_custom_button(__("Acknowledge"), () => on_ticket(frm, "acknowledge"));
	}
	const group = __("Ticket");
	if (status === "Waiting") {
		frm.add_custom_button(__("Customer replied"), () => on_ticket(frm, "customer_reply"), group);
	} else if (status !== "Waiting for Credits") {
		frm.add_custom_button(__("Wait for customer"), () => on_ticket(frm, "wait"), group);
	}
	frm.add_custom_button(__("Record work"), () => record_work(frm), group);
	frm.add_custom_button(__("Set severity"), () => set_severity(frm), group);
	frm.add_custom_button(__("Resolve"), () => on_ticket(frm, "resolve"), group);
}

function record_work(frm) {
	const field = { fieldname: "minutes", fieldtype: "Int", label: __("Minutes"), reqd: 1, non_negative: 1 };
	const record = (values) =>
		on_ticket(frm, "work", values).then(({ message }) => message && frappe.show_alert(message));
	frappe.prompt(field, record, __("Record work"), __("Record"));
}

function set_severity(frm) {
	defined_severities().then((meanings) => {
		const rows = Object.entries(meanings).map(
			([number, meaning]) => `<tr><td><b>${number}</b></td><td>${frappe.utils.escape_html(meaning)}</td></tr>`
		);
		const fields = [
			{ fieldname: "meanings", fieldtype: "HTML", options: `<table class="table">${rows.join("")}</table>` },
			{
				fieldname: "severity",
				fieldtype: "Select",
				options: Object.keys(meanings),
				default: frm.doc.severity,
				label: __("Severity"),
				reqd: 1,
			},
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		];
		frappe.prompt(fields, (values) => on_ticket(frm, "set_severity", values), __("Set severity"));
	});
}

function explain(frm) {
	frappe.call({ method: TICKET_API + "explain", args: { ticket: frm.doc.name } }).then(({ message }) => {
		const titles = { response: __("Response"), resolution: __("Resolution") };
		const parts = Object.entries(message || {}).map(([target, rows]) => {
			const lines = rows.map(
				(row) =>
					`<tr><td>${frappe.datetime.str_to_user(row.start)}</td><td>${frappe.datetime.str_to_user(row.end)}</td>` +
					`<td>${row.counts ? __("Working time") : __("Pause, left out")}</td>` +
					`<td class="text-right">${row.counts ? __("{0} min", [row.minutes]) : ""}</td></tr>`
			);
			return `<h5>${titles[target]}</h5><table class="table table-condensed">${lines.join("")}</table>`;
		});
		frappe.msgprint(parts.join("") || __("Nothing is promised for this ticket."), __("Explain deadlines"));
	});
}

function on_ticket(frm, verb, values = {}) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the ticket first."));
		return Promise.resolve({});
	}
	const call = frappe.call({ method: TICKET_API + verb, args: { ticket: frm.doc.name, ...values }, freeze: true });
	return call.then((answer) => frm.reload_doc().then(() => answer));
}
