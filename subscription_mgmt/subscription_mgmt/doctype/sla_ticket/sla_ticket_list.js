// Which tickets wait for us, and for whom do we wait?

const TICKET_COLOURS = {
	Open: "red",
	"In Progress": "blue",
	Waiting: "gray",
	"Waiting for Credits": "orange",
	Resolved: "green",
	Closed: "darkgrey",
};

frappe.listview_settings["SLA Ticket"] = {
	add_fields: ["status"],
	formatters: {
		rating: (share) => (share ? `${Math.round(share * 5)} ★` : ""),
	},
	get_indicator: (doc) => [__(doc.status), TICKET_COLOURS[doc.status], `status,=,${doc.status}`],
};
