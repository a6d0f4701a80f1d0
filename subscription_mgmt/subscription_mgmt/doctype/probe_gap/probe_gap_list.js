// When did nobody look, and why?

const CAUSE_COLOURS = { "Own Network": "red", "Not Running": "orange" };

frappe.listview_settings["Probe Gap"] = {
	add_fields: ["cause", "ended_at"],
	get_indicator: ({ cause }) => [__(cause), CAUSE_COLOURS[cause], `cause,=,${cause}`],
};
