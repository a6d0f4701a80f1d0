// Which billing runs need a look?

const STATUS_COLOURS = {
	Running: "blue",
	Finished: "green",
	"With Problems": "orange",
	"Nothing Billed": "red",
	Interrupted: "red",
};

frappe.listview_settings["Billing Run"] = {
	add_fields: ["status", "due"],
	get_indicator: (doc) => [__(doc.status), STATUS_COLOURS[doc.status], `status,=,${doc.status}`],
	formatters: {
		billed: (billed, df, doc) => __("{0} of {1}", [cint(billed), cint(doc.due)]),
	},
};
