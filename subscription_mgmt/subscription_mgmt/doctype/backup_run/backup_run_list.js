// Which backups need a look?

const BACKUP_COLOURS = {
	Queued: "gray",
	Dumping: "blue",
	Verifying: "blue",
	Copying: "blue",
	"Reading Back": "blue",
	Good: "green",
	Suspicious: "orange",
	Failed: "red",
	Missed: "red",
	Removed: "gray",
};

frappe.listview_settings["Backup Run"] = {
	add_fields: ["status", "legal_hold"],
	hide_name_column: true,
	get_indicator: (doc) => [__(doc.status), BACKUP_COLOURS[doc.status], `status,=,${doc.status}`],
	formatters: { size: (size) => (size ? frappe.form.formatters.FileSize(size) : "") },
};
