// What can a person do next about a training?

const TRAINING_API = "subscription_mgmt.api.training.";

frappe.ui.form.on("Training Session", {
	refresh(frm) {
		if (frm.is_new() || !frm.has_perm("write")) return;
		const { status, starts_at, conference_link } = frm.doc;
		if (["To Propose", "Proposed", "Booked", "No Show"].includes(status)) {
			const label = status === "To Propose" ? __("Propose slots") : __("Propose other slots");
			const button = frm.add_custom_button(label, () => propose(frm));
			if (status === "To Propose") button.addClass("btn-primary");
		}
		if (status === "Proposed") {
			frm.add_custom_button(__("Choose for the customer"), () => choose(frm));
		}
		if (status === "Booked") {
			if (!conference_link) {
				frm.dashboard.add_comment(__("Add the conference link: it is sent on the day."), "orange", true);
			}
			if (starts_at <= frappe.datetime.now_datetime()) {
				frm.add_custom_button(__("Was held"), () => on_session(frm, "held")).addClass("btn-primary");
				frm.add_custom_button(__("Nobody came"), () => on_session(frm, "missed"));
			}
		}
		if (["To Propose", "Proposed", "Booked"].includes(status)) {
			frm.add_custom_button(__("Cancel training"), () =>
				frappe.confirm(__("Cancel this training? The customer is told."), () => on_session(frm, "cancel"))
			);
		}
	},
});

function propose(frm) {
	const ask = __("Propose the next free moments of the training calendar? The customer is told.");
	frappe.confirm(ask, () => on_session(frm, "propose"));
}

function choose(frm) {
	const args = { customer: frm.doc.customer };
	frappe.call({ method: TRAINING_API + "of_customer", args }).then(({ message }) => {
		const { slots } = (message || []).find((session) => session.name === frm.doc.name) || { slots: [] };
		const label = (slot) => `${slot.slice(0, 10)} ${slot.slice(11, 16)} (${slot.slice(19)})`;
		const options = slots.map((slot) => ({ value: slot, label: label(slot) }));
		const field = { fieldname: "slot", fieldtype: "Select", label: __("Slot"), options, reqd: 1 };
		frappe.prompt(field, (values) => on_session(frm, "choose", values), __("Choose for the customer"));
	});
}

function on_session(frm, verb, values = {}) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the training first."));
		return;
	}
	frappe
		.call({ method: TRAINING_API + verb, args: { session: frm.doc.name, ...values }, freeze: true })
		.then(() => frm.reload_doc());
}
