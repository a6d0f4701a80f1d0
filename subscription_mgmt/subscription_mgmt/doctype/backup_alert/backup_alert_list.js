// Whose backups need a person now?

const ALERT_COLOURS = {
	Open: "red",
	Closed: "gray",
};

frappe.listview_settings["Backup Alert"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), ALERT_COLOURS[doc.status], `status,=,${doc.status}`],
	filters: [["status", "=", "Open"]],
};
