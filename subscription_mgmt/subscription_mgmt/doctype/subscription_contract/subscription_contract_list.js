// Which contracts need a person, and what state are the others in?

const STATUS_COLOURS = {
	Draft: "gray",
	Trialling: "blue",
	Active: "green",
	"Past Due": "orange",
	Suspended: "red",
	Ended: "gray",
	Cancelled: "darkgrey",
};

frappe.listview_settings["Subscription Contract"] = {
	add_fields: ["status", "parked"],
	get_indicator(doc) {
		if (cint(doc.parked)) {
			return [__("Parked"), "red", "parked,=,1"];
		}
		return [__(doc.status), STATUS_COLOURS[doc.status], `status,=,${doc.status}|parked,=,0`];
	},
};
