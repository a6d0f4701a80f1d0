// How is maintenance of many instances planned at once? From their list.

(() => {
	const settings = (frappe.listview_settings["Hosted Instance"] = frappe.listview_settings["Hosted Instance"] || {});
	const onload = settings.onload;

	settings.onload = function (list) {
		if (onload) onload.call(this, list);
		if (frappe.model.can_create("Outage")) {
			list.page.add_actions_menu_item(__("Plan maintenance"), () => plan(list), false);
		}
	};

	function plan(list) {
		const instances = list.get_checked_items(true);
		const dialog = new frappe.ui.Dialog({
			title: __("Plan maintenance of {0} instances", [instances.length]),
			fields: [
				{ fieldname: "starts_at", fieldtype: "Datetime", label: __("Begins At"), reqd: 1 },
				{ fieldname: "ends_at", fieldtype: "Datetime", label: __("Ends At"), reqd: 1 },
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason") },
				{ fieldname: "announce", fieldtype: "Check", label: __("Announce by E-mail"), default: 1 },
			],
			primary_action_label: __("Plan maintenance"),
			primary_action(values) {
				const call = { method: "subscription_mgmt.api.outages.plan_maintenance", args: { instances, ...values } };
				frappe.call({ ...call, freeze: true }).then(({ message }) => {
					dialog.hide();
					list.clear_checked_items();
					tell(message);
				});
			},
		});
		dialog.show();
	}

	function tell({ windows, untold }) {
		frappe.show_alert({ message: __("{0} windows planned.", [windows.length]), indicator: "green" });
		if (untold.length) {
			const names = untold.map(frappe.utils.escape_html).join(", ");
			frappe.msgprint(__("Nobody could be told, for want of an e-mail address: {0}", [names]));
		}
	}
})();
