// Which time zones and countries can a calendar have, and how do a country's holidays come into it?

frappe.ui.form.on("Service Calendar", {
	async onload_post_render(frm) {
		await frappe.require("/assets/subscription_mgmt/js/desk.js");
		subscription_mgmt.offer_time_zones(frm.fields_dict.time_zone);
		await offer_countries(frm);
	},

	refresh(frm) {
		if (frm.is_new() || frm.doc.always_open || !frm.doc.holiday_country || !frm.has_perm("write")) return;
		frm.add_custom_button(__("Import holidays"), () => import_holidays(frm));
	},

	holiday_country(frm) {
		frm.set_value("holiday_subdivision", "");
		offer_subdivisions(frm);
	},
});

async function offer_countries(frm) {
	const { message } = await frappe.call("subscription_mgmt.api.calendar.countries");
	frm.holiday_subdivisions = message || {};
	frm.fields_dict.holiday_country.set_data(Object.keys(frm.holiday_subdivisions));
	offer_subdivisions(frm);
}

function offer_subdivisions(frm) {
	const known = (frm.holiday_subdivisions || {})[frm.doc.holiday_country] || [];
	frm.fields_dict.holiday_subdivision.set_data(known);
}

function import_holidays(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the calendar first."));
		return;
	}
	frappe
		.call({
			method: "subscription_mgmt.api.calendar.import_holidays",
			args: { calendar: frm.doc.name },
			freeze: true,
		})
		.then(({ message }) => {
			frappe.show_alert({ message, indicator: "green" });
			frm.reload_doc();
		});
}
