// Which time zones can a calendar have?

frappe.ui.form.on("Service Calendar", {
	async onload_post_render(frm) {
		await frappe.require("/assets/subscription_mgmt/js/desk.js");
		subscription_mgmt.offer_time_zones(frm.fields_dict.time_zone);
	},
});
