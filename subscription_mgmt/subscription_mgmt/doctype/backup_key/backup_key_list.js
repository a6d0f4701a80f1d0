// Which key encrypts, and how is another one made?

const BACKUP_KEY_COLOURS = {
	Active: "green",
	Retired: "blue",
};

frappe.listview_settings["Backup Key"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), BACKUP_KEY_COLOURS[doc.status], `status,=,${doc.status}`],
	onload(list) {
		list.page.add_inner_button(__("Rotate"), () =>
			frappe.confirm(__("Encrypt with a new key from now on? Earlier backups are read with theirs."), () =>
				frappe.call("subscription_mgmt.api.backup.rotate_key").then(() => list.refresh())
			)
		);
	},
};
