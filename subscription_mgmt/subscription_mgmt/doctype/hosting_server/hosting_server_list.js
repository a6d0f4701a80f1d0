// Which servers do not answer, and which take no new systems?

frappe.listview_settings["Hosting Server"] = {
	add_fields: ["disabled", "last_problem"],
	get_indicator({ disabled, last_problem }) {
		if (last_problem) return [__("Problem"), "red", "last_problem,is,set"];
		if (disabled) return [__("Closed"), "gray", "disabled,=,1"];
		return [__("Open"), "green", "disabled,=,0"];
	},
};
