// In which colour does a list show how far a customer may use his system?

const MODE_COLOURS = { Full: "green", "Read Only": "blue", Restricted: "orange", Deleted: "gray" };

frappe.listview_settings["Hosted Instance"] = {
	add_fields: ["wanted_mode", "actual_mode"],
	get_indicator({ wanted_mode, actual_mode }) {
		if (wanted_mode !== actual_mode) {
			// Red until an operator has confirmed it: what is in force stands in its own column
			return [__(wanted_mode), "red", `wanted_mode,=,${wanted_mode}`];
		}
		return [__(actual_mode), MODE_COLOURS[actual_mode] || "gray", `actual_mode,=,${actual_mode}`];
	},
};
