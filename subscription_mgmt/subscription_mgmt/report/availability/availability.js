// Which months and systems does the report on availability show, and in which colour does a promise stand?

const STANDINGS = {
	Kept: { label: __("Kept"), colour: "green" },
	"Not Proven": { label: __("Not Proven"), colour: "orange" },
	Broken: { label: __("Broken"), colour: "red" },
};

frappe.query_reports["Availability"] = {
	filters: [
		{
			fieldname: "from_month",
			label: __("From Month"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -11),
			reqd: 1,
		},
		{
			fieldname: "to_month",
			label: __("To Month"),
			fieldtype: "Date",
			default: frappe.datetime.month_start(),
			reqd: 1,
		},
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "hosted_instance",
			label: __("Hosted Instance"),
			fieldtype: "Link",
			options: "Hosted Instance",
		},
		{
			fieldname: "standing",
			label: __("Promise"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				...Object.entries(STANDINGS).map(([value, { label }]) => ({ value, label })),
			],
		},
	],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "standing" && data?.standing) {
			const { label, colour } = STANDINGS[data.standing];
			return `<span class="indicator-pill ${colour}">${label}</span>`;
		}
		if (["promise", "percent"].includes(column.fieldname) && data?.[column.fieldname] === null) return "";
		return default_formatter(value, row, column, data);
	},
};
