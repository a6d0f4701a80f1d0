// Which plans are still sold?

frappe.listview_settings["Plan"] = {
	add_fields: ["disabled"],
	get_indicator: (doc) =>
		cint(doc.disabled)
			? [__("Disabled"), "gray", "disabled,=,1"]
			: [__("Enabled"), "green", "disabled,=,0"],
};
