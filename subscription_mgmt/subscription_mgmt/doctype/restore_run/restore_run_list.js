// Which restores wait for somebody, and which drills failed?

const RESTORE_COLOURS = {
	Requested: "orange",
	Queued: "gray",
	Checking: "blue",
	Preparing: "blue",
	Restoring: "blue",
	Comparing: "blue",
	Clearing: "blue",
	Done: "green",
	Failed: "red",
	Declined: "gray",
};

frappe.listview_settings["Restore Run"] = {
	add_fields: ["status", "promise"],
	hide_name_column: true,
	get_indicator: (doc) => [__(doc.status), RESTORE_COLOURS[doc.status], `status,=,${doc.status}`],
};
