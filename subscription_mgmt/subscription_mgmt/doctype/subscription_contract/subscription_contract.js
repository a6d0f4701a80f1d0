// What does a person see first on a contract, and what can he do with it?

const API = "subscription_mgmt.api.contract.";
const RUNNING = ["Trialling", "Active", "Past Due", "Suspended"];

frappe.ui.form.on("Subscription Contract", {
	setup(frm) {
		frm.set_query("plan", () => ({ filters: { disabled: 0, kind: ["!=", "Licence"] } }));
		frm.set_query("pack", "packs", () => ({ filters: { disabled: 0 } }));
	},

	async onload_post_render(frm) {
		await frappe.require("/assets/subscription_mgmt/js/desk.js");
		subscription_mgmt.offer_time_zones(frm.fields_dict.time_zone);
	},

	refresh(frm) {
		if (frm.is_new()) return;
		show_state(frm);
		if (frm.has_perm("write")) add_buttons(frm);
	},
});

// What a person sees first

function show_state(frm) {
	show_facts(frm);
	if (is_running(frm.doc)) show_figures(frm);
}

// They take a question to the server, so the form does not wait for them
async function show_figures(frm) {
	const { name } = frm.doc;
	const figures = await frappe.xcall("subscription_mgmt.api.figures.of_contract", { contract: name });
	if (frm.doc.name !== name) return;
	const { monthly, currency, unpaid } = figures;
	const facts = [__("{0} a month", [money(monthly, currency)])];
	if (unpaid) facts.push(unpaid === 1 ? __("1 unpaid invoice") : __("{0} unpaid invoices", [unpaid]));
	show_facts(frm, facts, unpaid);
}

function show_facts(frm, more = [], unpaid = 0) {
	const { doc } = frm;
	frm.layout.show_message(); // clears what stood there
	if (doc.parked) {
		const reason = doc.parked_reason || __("No reason was given.");
		frm.set_intro(escaped(__("Parked, not billed: {0}", [reason])), "red");
	}
	const facts = [ending(doc), next_billing(doc), ...more].filter(Boolean);
	if (facts.length) {
		const colour = doc.ends_on || unpaid ? "orange" : "blue";
		frm.dashboard.set_headline_alert(facts.map(escaped).join(" · "), colour);
	}
}

function ending(doc) {
	if (!doc.ends_on || doc.ends_on <= doc.start_date) return "";
	// People read the last day served; the record holds the first day not served.
	const day = user_date(frappe.datetime.add_days(doc.ends_on, -1));
	return is_running(doc) ? __("Ends after {0}", [day]) : __("Ended after {0}", [day]);
}

function next_billing(doc) {
	if (!is_running(doc)) return "";
	if (doc.status === "Suspended") return __("Not billed while it is suspended");
	const day = doc.next_billing_date;
	if (!day || (doc.ends_on && day >= doc.ends_on)) return __("Nothing more to bill");
	return __("Next billing on {0}", [user_date(day)]);
}

// What he can do

function add_buttons(frm) {
	if (frm.doc.status === "Draft") {
		frm.add_custom_button(__("Activate"), () => activate(frm)).addClass("btn-primary");
		frm.add_custom_button(__("Preview next invoices"), () => preview(frm));
		frm.add_custom_button(__("Cancel contract"), () => cancel_draft(frm), __("Contract"));
	} else if (is_running(frm.doc)) {
		frm.add_custom_button(__("Preview next invoices"), () => preview(frm));
		add_billing_buttons(frm);
		add_contract_buttons(frm);
	}
}

function add_billing_buttons(frm) {
	const group = __("Billing");
	if (frm.doc.parked) {
		frm.add_custom_button(__("Un-park"), () => act(frm, "unpark"), group);
	} else {
		frm.add_custom_button(__("Bill now"), () => bill_now(frm), group);
		frm.add_custom_button(__("Park"), () => park(frm), group);
	}
}

function add_contract_buttons(frm) {
	const group = __("Contract");
	frm.add_custom_button(__("Add pack"), () => add_pack(frm), group);
	if (running_packs(frm.doc).length) {
		frm.add_custom_button(__("Remove pack"), () => remove_pack(frm), group);
	}
	const renew = !frm.doc.auto_renew;
	const label = renew ? __("Switch renewal on") : __("Switch renewal off");
	frm.add_custom_button(label, () => act(frm, "set_renewal", { renew: renew ? 1 : 0 }), group);
	frm.add_custom_button(__("Cancel contract"), () => cancel(frm), group);
}

function activate(frm) {
	frappe.confirm(__("Activate this contract? Its first period is billed when it is due."), () =>
		act(frm, "activate")
	);
}

function bill_now(frm) {
	act(frm, "bill_now", {}, () => [__("Everything due is billed"), next_billing(frm.doc)].join(". "));
}

function park(frm) {
	const reason = {
		fieldname: "reason",
		fieldtype: "Small Text",
		label: __("Reason"),
		description: __("Shown to everyone who opens the contract. It is not billed until it is un-parked."),
		reqd: 1,
	};
	ask(frm, { title: __("Park"), label: __("Park"), fields: [reason], verb: "park" });
}

function add_pack(frm) {
	const fields = [
		{
			fieldname: "pack",
			fieldtype: "Link",
			options: "Pack",
			label: __("Pack"),
			reqd: 1,
			get_query: () => ({ filters: { disabled: 0 } }),
			onchange: () => ask_for_module(dialog),
		},
		quantity_field(),
		{
			fieldname: "module",
			fieldtype: "Link",
			options: "Service Module",
			label: __("Module"),
			description: __("This pack is sold per module."),
			hidden: 1,
		},
		when_field("now", __("Now: by day until the end of the period, in full if it is sold once.")),
	];
	const told = () => __("Pack added");
	const dialog = ask(frm, { title: __("Add pack"), label: __("Add"), fields, verb: "add_pack", told });
}

async function ask_for_module(dialog) {
	const pack = dialog.get_value("pack");
	const { message } = pack ? await frappe.db.get_value("Pack", pack, "per_module") : {};
	const per_module = cint(message?.per_module);
	dialog.set_df_property("module", "hidden", per_module ? 0 : 1);
	dialog.set_df_property("module", "reqd", per_module);
	if (!per_module) dialog.set_value("module", "");
}

function remove_pack(frm) {
	const packs = running_packs(frm.doc);
	const options = packs.map((row) => ({ value: row.name, label: pack_label(row) }));
	const fields = [
		{ fieldname: "row", fieldtype: "Select", label: __("Pack"), options, default: packs[0].name, reqd: 1 },
		quantity_field(),
		when_field("period_end", __("Now: unused days are credited only if the plan is refundable.")),
	];
	const values_of = ({ row, quantity, when }) => {
		const { pack, service_module } = packs.find((held) => held.name === row);
		return { pack, quantity, module: service_module, when };
	};
	const told = () => __("Pack removed");
	ask(frm, { title: __("Remove pack"), label: __("Remove"), fields, verb: "remove_pack", values_of, told });
}

function cancel(frm) {
	frappe.prompt(
		when_field("period_end"),
		({ when }) => frappe.confirm(cancel_question(when), () => act(frm, "cancel", { when })),
		__("Cancel contract"),
		__("Continue")
	);
}

function cancel_draft(frm) {
	frappe.confirm(__("Cancel this draft?"), () => act(frm, "cancel", { when: "now" }));
}

function cancel_question(when) {
	return when === "now"
		? __("Cancel now? The service stops today. Unused days are credited only if the plan is refundable.")
		: __("Cancel at the end of the period? The service goes on until then.");
}

// The next invoices

function preview(frm) {
	call("preview", { contract: frm.doc.name, count: 3 }).then(({ message }) => {
		const invoices = (message && message.invoices) || [];
		const dialog = new frappe.ui.Dialog({
			title: __("Next invoices"),
			size: "extra-large",
			fields: [{ fieldname: "invoices", fieldtype: "HTML" }],
		});
		dialog.fields_dict.invoices.$wrapper.html(invoices.map(invoice_html).join("") || nothing_due_html());
		dialog.show();
	});
}

function nothing_due_html() {
	return `<p class="text-muted">${__(
		"Nothing will be billed. The contract ends before its next period."
	)}</p>`;
}

function invoice_html({ date, due_on, currency, total, lines }) {
	const title = due_on ? __("{0}, due on {1}", [user_date(date), user_date(due_on)]) : user_date(date);
	const heads = [__("Description"), __("Quantity"), __("Rate"), __("Amount")];
	return `
		<h5>${escaped(title)}</h5>
		<div class="table-responsive"><table class="table table-bordered">
			<thead><tr>${heads.map((head, at) => cell(head, at > 0, "th")).join("")}</tr></thead>
			<tbody>${lines.map((line) => line_html(line, currency)).join("")}</tbody>
			<tfoot><tr>
				<th colspan="3" class="text-right">${__("Total")}</th>${cell(money(total, currency), true, "th")}
			</tr></tfoot>
		</table></div>`;
}

// As it will stand on the invoice
function line_html(line, currency) {
	const figures = [line.quantity, money(line.rate, currency), money(line.amount, currency)];
	return `<tr>${cell(line.description)}${figures.map((figure) => cell(figure, true)).join("")}</tr>`;
}

function cell(text, to_the_right = false, tag = "td") {
	return `<${tag}${to_the_right ? ' class="text-right text-nowrap"' : ""}>${escaped(text)}</${tag}>`;
}

// Small things

// The dialog stays open, with what was typed, until the server has agreed
function ask(frm, { title, label, fields, verb, values_of = (values) => values, told }) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: label,
		primary_action: (values) => act(frm, verb, values_of(values), told)?.then(() => dialog.hide()),
	});
	dialog.show();
	return dialog;
}

// `told` words what was done, once the form shows it
function act(frm, verb, values = {}, told = null) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save the contract first."));
		return;
	}
	return call(verb, { contract: frm.doc.name, ...values })
		.then(() => frm.reload_doc())
		.then(() => told && frappe.show_alert({ message: told(), indicator: "green" }));
}

function call(verb, args) {
	return frappe.call({ method: API + verb, args, freeze: true });
}

function quantity_field() {
	return {
		fieldname: "quantity",
		fieldtype: "Int",
		label: __("Quantity"),
		default: 1,
		non_negative: 1,
		reqd: 1,
	};
}

function when_field(usual, description = "") {
	const options = [
		{ value: "period_end", label: __("At the end of the period") },
		{ value: "now", label: __("Now") },
	];
	return { fieldname: "when", fieldtype: "Select", label: __("When"), options, default: usual, description, reqd: 1 };
}

function running_packs(doc) {
	return (doc.packs || []).filter((row) => !row.ends_on);
}

function pack_label({ pack, quantity, service_module }) {
	return [`${quantity} × ${pack}`, service_module].filter(Boolean).join(" · ");
}

const is_running = (doc) => RUNNING.includes(doc.status);
const user_date = (day) => (day ? frappe.datetime.str_to_user(day) : "");
// Number() first: format_currency would read the point of "12.50" as the user's group separator.
const money = (amount, currency) => format_currency(Number(amount), currency);
const escaped = (text) => frappe.utils.escape_html(String(text ?? ""));
