"""Which fields does the app add to ERPNext's documents?"""

CUSTOM_FIELDS: dict[str, list[dict]] = {
	"Sales Invoice": [
		{
			"fieldname": "subscription_contract",
			"label": "Subscription Contract",
			"fieldtype": "Link",
			"options": "Subscription Contract",
			"insert_after": "subscription",
			"read_only": 1,
			"no_copy": 1,
			"search_index": 1,
			"in_standard_filter": 1,
			"print_hide": 1,
		},
		{
			"fieldname": "licence",
			"label": "Licence",
			"fieldtype": "Link",
			"options": "Licence",
			"insert_after": "subscription_contract",
			"read_only": 1,
			"no_copy": 1,
			"search_index": 1,
			"print_hide": 1,
		},
	],
	"Customer": [
		{
			"fieldname": "subscription_grace_days",
			"label": "Subscription Grace Days",
			"fieldtype": "Int",
			"insert_after": "payment_terms",
			"non_negative": 1,
			"description": "Days this customer is given on top of the dunning policy before access is restricted.",
		},
		{
			"fieldname": "support_policy",
			"label": "Support Policy",
			"fieldtype": "Link",
			"options": "SLA Policy",
			"insert_after": "subscription_grace_days",
			"description": "Promised for tickets without a contract. Empty: the community answers.",
		},
	],
	"Quotation": [
		{
			"fieldname": "sla_ticket",
			"label": "SLA Ticket",
			"fieldtype": "Link",
			"options": "SLA Ticket",
			"insert_after": "order_type",
			"read_only": 1,
			"no_copy": 1,
			"search_index": 1,
			"print_hide": 1,
		},
	],
	"Portal User": [
		{
			"fieldname": "portal_role",
			"label": "Portal Role",
			"fieldtype": "Select",
			"options": "\nOwner\nBilling\nTechnical\nViewer",
			"insert_after": "user",
			"in_list_view": 1,
			"depends_on": "eval:doc.parenttype == 'Customer'",
			"description": "Empty: the first one is the owner, the others only read.",
		},
	],
	"Sales Invoice Item": [
		{
			"fieldname": "contract_charge",
			"label": "Contract Charge",
			"fieldtype": "Link",
			"options": "Contract Charge",
			"insert_after": "description",
			"read_only": 1,
			# A copy is another sale; an amendment keeps no_copy fields and so stays linked.
			"no_copy": 1,
			"print_hide": 1,
		},
	],
}
