// Which outages go on, which are maintenance to come, and which count?

frappe.listview_settings["Outage"] = {
	add_fields: ["planned", "started_at", "ended_at", "not_counted"],
	hide_name_column: true,
	get_indicator({ planned, started_at, ended_at, not_counted }) {
		const now = frappe.datetime.now_datetime();
		if (not_counted) return [__("Not Counted"), "gray", "not_counted,=,1"];
		if (planned && started_at > now) return [__("Planned"), "blue", "planned,=,1"];
		if (planned && ended_at > now) return [__("Maintenance Now"), "orange", "planned,=,1"];
		if (planned) return [__("Maintenance"), "light-blue", "planned,=,1"];
		if (!ended_at) return [__("Down"), "red", "ended_at,is,not set"];
		return [__("Over"), "gray", "ended_at,is,set"];
	},
};
