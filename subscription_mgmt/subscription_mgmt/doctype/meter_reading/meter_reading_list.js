// Which systems were not measured?

const STATUS_COLOURS = {
	Done: "green",
	Failed: "red",
	Missed: "orange",
};

frappe.listview_settings["Meter Reading"] = {
	add_fields: ["status"],

	get_indicator(doc) {
		return [__(doc.status), STATUS_COLOURS[doc.status], `status,=,${doc.status}`];
	},
};
