// Which instances answer the probe?

frappe.listview_settings["Instance Probe"] = {
	add_fields: ["disabled", "first_reached_at", "failed_at", "outcome"],
	get_indicator({ disabled, first_reached_at, failed_at, outcome }) {
		if (disabled) return [__("Disabled"), "gray", "disabled,=,1"];
		if (!outcome) return [__("Not Asked Yet"), "gray", "outcome,is,not set"];
		if (outcome === "Address Not Allowed") {
			return [__("Address Not Allowed"), "orange", "outcome,=,Address Not Allowed"];
		}
		if (!first_reached_at) return [__("Never Reached"), "orange", "first_reached_at,is,not set"];
		if (failed_at) return [__("Failing"), "red", "failed_at,is,set"];
		return [__("Reached"), "green", "failed_at,is,not set"];
	},
};
