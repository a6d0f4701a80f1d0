// What happened to contracts, in words and in the reader's own time?

const CHANNEL_COLOURS = { Desk: "blue", Portal: "green", API: "purple", Job: "gray", Import: "orange" };
let action_labels = {};

frappe.listview_settings["Subscription Activity"] = {
	hide_name_column: true,
	add_fields: ["channel"],
	onload(listview) {
		frappe.call({ method: "subscription_mgmt.api.activity.labels", type: "GET" }).then(({ message }) => {
			action_labels = message || {};
			listview.refresh();
		});
	},
	get_indicator: (doc) => [__(doc.channel), CHANNEL_COLOURS[doc.channel], `channel,=,${doc.channel}`],
	formatters: {
		action: (value) => frappe.utils.escape_html(action_labels[value] || value || ""),
		happened_at: (value) => (value ? local_time(value) : ""),
	},
};

function local_time(utc) {
	const zone = frappe.boot.time_zone?.user || frappe.boot.time_zone?.system;
	const moment_there = zone ? moment.utc(utc).tz(zone) : moment.utc(utc).local();
	return frappe.datetime.str_to_user(moment_there.format("YYYY-MM-DD HH:mm:ss"));
}
