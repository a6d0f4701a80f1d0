// Which key pair signs, which are trusted still, and how is another one made?

const SIGNING_KEY_COLOURS = {
	Active: "green",
	Retired: "blue",
	Withdrawn: "red",
};

frappe.listview_settings["Licence Signing Key"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status), SIGNING_KEY_COLOURS[doc.status], `status,=,${doc.status}`],
	onload(list) {
		list.page.add_inner_button(__("Rotate"), () => {
			const field = {
				fieldname: "valid_days",
				fieldtype: "Int",
				label: __("Days a licence key is good for"),
				default: 0,
				non_negative: 1,
				description: __("0: for good. The key pair used until now is trusted still."),
			};
			const rotate = ({ valid_days }) =>
				frappe
					.call("subscription_mgmt.api.licence.rotate_signing_key", { valid_days })
					.then(() => list.refresh());
			frappe.prompt(field, rotate, __("Rotate"), __("Make a new pair"));
		});
	},
};
