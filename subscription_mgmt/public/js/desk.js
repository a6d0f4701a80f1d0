// What do several screens of the app need? Loaded by those alone, with frappe.require.

frappe.provide("subscription_mgmt");

// Time zones by name, while one is typed
subscription_mgmt.offer_time_zones = async (field) => {
	subscription_mgmt.time_zones ??= await frappe
		.xcall("frappe.core.doctype.user.user.get_timezones")
		.then(({ timezones }) => timezones);
	field.set_data(subscription_mgmt.time_zones);
};

const AT_ONCE = 10;

// Call `method` of api/contract.py for many contracts, a few at a time, and say what became of them
subscription_mgmt.for_each_contract = async (method, contracts, title) => {
	const done = [];
	const failed = {};
	try {
		for (let at = 0; at < contracts.length; at += AT_ONCE) {
			if (contracts.length > AT_ONCE) frappe.show_progress(title, at, contracts.length);
			const some = contracts.slice(at, at + AT_ONCE);
			const answer = await frappe.xcall(`subscription_mgmt.api.contract.${method}`, { contracts: some });
			done.push(...answer.done);
			Object.assign(failed, answer.failed);
		}
	} finally {
		frappe.hide_progress();
	}
	report(done, failed, title);
};

function report(done, failed, title) {
	const names = Object.keys(failed);
	if (!names.length) {
		frappe.show_alert({ message: __("{0}: {1} done", [title, done.length]), indicator: "green" });
		return;
	}
	const line = (name) =>
		`<li>${frappe.utils.get_form_link("Subscription Contract", name, true)}: ${frappe.utils.escape_html(
			failed[name]
		)}</li>`;
	frappe.msgprint({
		title: __("{0}: {1} done, {2} not", [title, done.length, names.length]),
		message: `<ul>${names.map(line).join("")}</ul>`,
		indicator: "orange",
	});
}
