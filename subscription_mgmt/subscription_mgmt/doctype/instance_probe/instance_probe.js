// How is the address of a probe tried?

frappe.ui.form.on("Instance Probe", {
	refresh(frm) {
		if (frm.is_new()) return;
		show_answer(frm);
		if (frm.has_perm("write")) frm.add_custom_button(__("Ask now"), () => ask_now(frm));
	},
});

function show_answer(frm) {
	const { disabled, outcome, first_reached_at, failed_at } = frm.doc;
	if (disabled) {
		frm.dashboard.set_headline_alert(__("Disabled: its months are not proven."), "gray");
	} else if (outcome === "Address Not Allowed") {
		const text = __("The address lies in our own network, which the settings do not let the probe ask.");
		frm.dashboard.set_headline_alert(text, "orange");
	} else if (outcome && !first_reached_at) {
		const text = __("Never reached yet. Try the address; outages are counted once it answers.");
		frm.dashboard.set_headline_alert(text, "orange");
	} else if (failed_at) {
		const since = frappe.datetime.comment_when(failed_at);
		frm.dashboard.set_headline_alert(__("Failing. It began: {0}.", [since]), "red");
	}
}

function ask_now(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the address first."));
		return;
	}
	const call = { method: "subscription_mgmt.api.outages.ask_now", args: { instance: frm.doc.name }, freeze: true };
	frappe.call(call).then(({ message: { url, outcome, http_status, milliseconds } }) => {
		const status = http_status ? `, HTTP ${http_status}` : "";
		const good = http_status >= 200 && http_status < 300;
		frappe.msgprint({
			title: __("Ask now"),
			indicator: good ? "green" : "orange",
			message: `${frappe.utils.escape_html(url)}<br>${__(outcome)}${status}, ${milliseconds} ms`,
		});
	});
}
