// How far is a billing run, and what is to be done about its problems?

frappe.ui.form.on("Billing Run", {
	refresh(frm) {
		frm.disable_save();
		show_progress(frm);
		const parked = parked_contracts(frm);
		if (parked.length && frappe.model.can_write("Subscription Contract")) {
			frm.add_custom_button(__("Un-park contracts ({0})", [parked.length]), () => unpark(frm, parked));
		}
	},
});

function show_progress(frm) {
	const { status, billed, due, failed, parked, batches, batches_done } = frm.doc;
	if (status === "Running") {
		const title = __("Batches done: {0} of {1}", [batches_done, batches]);
		frm.dashboard.set_headline_alert(title, "blue");
		return;
	}
	const facts = [__("Contracts billed: {0} of {1}", [billed, due])];
	if (failed) facts.push(__("failed, tried again by the next run: {0}", [failed]));
	if (parked) facts.push(__("parked until a person un-parks them: {0}", [parked]));
	const is_fine = !failed && !parked && status === "Finished";
	frm.dashboard.set_headline_alert(facts.join(" · "), is_fine ? "green" : "orange");
}

function parked_contracts(frm) {
	const rows = (frm.doc.problems || []).filter((row) => row.outcome === "Parked");
	return [...new Set(rows.map((row) => row.subscription_contract))];
}

function unpark(frm, contracts) {
	frappe.confirm(__("Un-park the contracts ({0}) and bill what waited?", [contracts.length]), async () => {
		await frappe.require("/assets/subscription_mgmt/js/desk.js");
		await subscription_mgmt.for_each_contract("unpark_many", contracts, __("Un-park"));
	});
}
