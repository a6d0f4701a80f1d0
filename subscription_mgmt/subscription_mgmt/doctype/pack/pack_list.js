// Which packs are still sold?

frappe.listview_settings["Pack"] = {
	add_fields: ["disabled"],
	get_indicator: (doc) =>
		cint(doc.disabled)
			? [__("Disabled"), "gray", "disabled,=,1"]
			: [__("Enabled"), "green", "disabled,=,0"],
};
