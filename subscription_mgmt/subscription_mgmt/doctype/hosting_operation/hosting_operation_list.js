// In which colour does a list show how far an operation is?

const OPERATION_COLOURS = {
	Queued: "orange",
	Running: "blue",
	Waiting: "yellow",
	Done: "green",
	Failed: "red",
	Superseded: "gray",
};

frappe.listview_settings["Hosting Operation"] = {
	hide_name_column: true,
	get_indicator({ status }) {
		return [__(status), OPERATION_COLOURS[status] || "gray", `status,=,${status}`];
	},
};
