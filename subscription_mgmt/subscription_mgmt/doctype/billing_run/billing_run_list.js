// Which billing runs need a look?

const STATUS_COLOURS = {
	Running: "blue",
	Finished: "green",
	"With Problems": "orange",
	"Nothing Billed": "gray",
	Interrupted: "red",
};

frappe.listview_settings["Billing Run"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), STATUS_COLOURS[doc.status], `status,=,${doc.status}`],
};
