// Which licences are good, and which are not yet or no more?

const LICENCE_COLOURS = {
	Draft: "gray",
	Issued: "green",
	Revoked: "red",
};

frappe.listview_settings["Licence"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), LICENCE_COLOURS[doc.status], `status,=,${doc.status}`],
};
