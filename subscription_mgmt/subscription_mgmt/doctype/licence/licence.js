// What does a person see first on a licence, and what can he do with it?

const LICENCE_API = "subscription_mgmt.api.licence.";

frappe.ui.form.on("Licence", {
	setup(frm) {
		frm.set_query("plan", () => ({ filters: { disabled: 0, kind: "Licence" } }));
		frm.set_query("hosting_plan", () => ({ filters: { disabled: 0, kind: "Hosting" } }));
		frm.set_query("converted_from", () => ({
			filters: { customer: frm.doc.customer || "", status: ["in", ["Trialling", "Active", "Past Due"]] },
		}));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		show_facts(frm);
		if (frm.doc.status === "Issued") add_key_buttons(frm);
		if (frm.has_perm("write")) add_buttons(frm);
	},
});

function show_facts(frm) {
	const { status, updates_until, revoked_on, revocation_reason } = frm.doc;
	if (status === "Revoked") {
		const text = __("Revoked on {0}: {1}", [user_day(revoked_on), revocation_reason || ""]);
		frm.set_intro(frappe.utils.escape_html(text), "red");
	} else if (updates_until) {
		const over = updates_until <= frappe.datetime.get_today();
		const text = over ? __("Updates ended on {0}") : __("Updates until {0}");
		frm.dashboard.set_headline_alert(text.replace("{0}", user_day(updates_until)), over ? "orange" : "blue");
	}
}

function add_buttons(frm) {
	const { status, deployment } = frm.doc;
	if (status === "Draft") {
		frm.add_custom_button(__("Sell"), () => sell(frm)).addClass("btn-primary");
	} else if (status === "Issued") {
		const group = __("Licence");
		if (deployment === "Online") {
			frm.add_custom_button(__("Set Local"), () => set_local(frm), group);
		} else {
			frm.add_custom_button(__("Set Online"), () => set_online(frm), group);
		}
		frm.add_custom_button(__("Renew updates"), () => renew_updates(frm), group);
		frm.add_custom_button(__("Add modules"), () => add_modules(frm), group);
		frm.add_custom_button(__("Invoice again"), () => invoice_again(frm), group);
		frm.add_custom_button(__("Revoke"), () => revoke(frm), group);
	}
}

function add_key_buttons(frm) {
	const group = __("Key");
	frm.add_custom_button(__("Copy key"), () => frappe.utils.copy_to_clipboard(frm.doc.key), group);
	frm.add_custom_button(
		__("Download key"),
		() => open_url_post(`/api/method/${LICENCE_API}download`, { licence: frm.doc.name }),
		group
	);
}

function sell(frm) {
	const question = frm.doc.converted_from
		? __("Sell this licence? Its invoice is made, and contract {0} ends today with a credit for what is unused.", [
				frm.doc.converted_from.bold(),
			])
		: __("Sell this licence? Its invoice is made.");
	frappe.confirm(question, () => act_on(frm, "sell"));
}

function set_local(frm) {
	const lost = (frm.doc.functions || []).filter((row) => row.needs_online).map((row) => row.function);
	const lines = [__("Set this licence Local?")];
	if (lost.length) lines.push(__("These functions stop working: {0}.", [lost.join(", ")]));
	if (frm.doc.hosting_contract) lines.push(__("Its hosting ends with the period that is paid for."));
	frappe.confirm(lines.map(frappe.utils.escape_html).join("<br>"), () =>
		act_on(frm, "set_deployment", { deployment: "Local" })
	);
}

function set_online(frm) {
	const fields = [
		{
			fieldname: "hosting_plan",
			fieldtype: "Link",
			options: "Plan",
			label: __("Hosting Plan"),
			get_query: () => ({ filters: { disabled: 0, kind: "Hosting" } }),
			description: __("Used when no hosting contract runs any more. Empty: the customer hosts it himself."),
		},
	];
	const set = (values) => act_on(frm, "set_deployment", { deployment: "Online", ...values });
	frappe.prompt(fields, set, __("Set Online"), __("Set Online"));
}

function renew_updates(frm) {
	const fields = [
		{
			fieldname: "months",
			fieldtype: "Int",
			label: __("Months"),
			non_negative: 1,
			description: __("Empty: as many as came with the licence."),
		},
		priced_by(),
	];
	const renew = ({ months, pack }) => act_on(frm, "renew_updates", { months: months || "", pack });
	frappe.prompt(fields, renew, __("Renew updates"), __("Renew"));
}

function add_modules(frm) {
	const held = (frm.doc.modules || []).map((row) => row.service_module);
	const fields = [
		{
			fieldname: "modules",
			fieldtype: "MultiSelectPills",
			label: __("Modules"),
			reqd: 1,
			get_data: (text) => frappe.db.get_link_options("Service Module", text, { name: ["not in", held] }),
		},
		priced_by(),
	];
	const add = ({ modules, pack }) => act_on(frm, "add_modules", { modules, pack });
	frappe.prompt(fields, add, __("Add modules"), __("Add"));
}

function invoice_again(frm) {
	act_on(frm, "invoice_again").then(({ message }) => {
		const made = message || [];
		frappe.show_alert(made.length ? __("Invoiced: {0}", [made.join(", ")]) : __("Nothing waits."));
	});
}

function revoke(frm) {
	const field = {
		fieldname: "reason",
		fieldtype: "Small Text",
		label: __("Reason"),
		reqd: 1,
		description: __("For good. Installations refuse the key as soon as they have the new revocation list."),
	};
	frappe.prompt(field, ({ reason }) => act_on(frm, "revoke", { reason }), __("Revoke"), __("Revoke"));
}

function priced_by() {
	return {
		fieldname: "pack",
		fieldtype: "Link",
		options: "Pack",
		label: __("Priced By"),
		get_query: () => ({ filters: { disabled: 0, one_off: 1 } }),
		description: __("A pack that is sold once. Empty: free of charge."),
	};
}

function act_on(frm, verb, values = {}) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the licence first."));
		return Promise.resolve({});
	}
	const call = frappe.call({ method: LICENCE_API + verb, args: { licence: frm.doc.name, ...values }, freeze: true });
	return call.then((answer) => frm.reload_doc().then(() => answer));
}

const user_day = (day) => (day ? frappe.datetime.str_to_user(day) : "");
