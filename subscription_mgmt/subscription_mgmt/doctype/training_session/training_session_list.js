// Which trainings wait for us, and which for the customer?

const TRAINING_COLOURS = {
	"To Propose": "red",
	Proposed: "orange",
	Booked: "blue",
	Done: "green",
	"No Show": "gray",
	Cancelled: "darkgrey",
};

frappe.listview_settings["Training Session"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), TRAINING_COLOURS[doc.status], `status,=,${doc.status}`],
};
