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

	onload(list) {
		if (!frappe.model.can_write("Subscription Contract")) return;
		add_action(list, __("Un-park"), "unpark_many", __("Un-park the contracts ({0}) and bill what waited?"));
		add_action(list, __("Bill now"), "bill_many", __("Bill the contracts ({0}) now?"));
	},
};

function add_action(list, label, method, question) {
	list.page.add_actions_menu_item(
		label,
		() => {
			const contracts = list.get_checked_items(true);
			frappe.confirm(question.replace("{0}", contracts.length), async () => {
				await frappe.require("/assets/subscription_mgmt/js/desk.js");
				await subscription_mgmt.for_each_contract(method, contracts, label);
				list.clear_checked_items();
				list.refresh();
			});
		},
		false
	);
}
