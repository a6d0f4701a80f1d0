// Which credentials are held, and which are gone?

const ACCESS_COLOURS = {
	Requested: "orange",
	"Handed In": "red",
	Erased: "blue",
	Removed: "green",
};

frappe.listview_settings["Access Grant"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), ACCESS_COLOURS[doc.status], `status,=,${doc.status}`],
};
