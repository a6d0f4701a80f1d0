// Which time zones can contracts have by default?

frappe.ui.form.on("Subscription Mgmt Settings", {
	async onload_post_render(frm) {
		await frappe.require("/assets/subscription_mgmt/js/desk.js");
		subscription_mgmt.offer_time_zones(frm.fields_dict.time_zone);
	},
});
