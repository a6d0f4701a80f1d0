// What was measured, and does it wait for a bill?

frappe.listview_settings["Usage Record"] = {
	hide_name_column: true,
	add_fields: ["billed"],
	get_indicator: (doc) =>
		doc.billed ? [__("Billed"), "green", "billed,=,1"] : [__("Waiting"), "orange", "billed,=,0"],
};
