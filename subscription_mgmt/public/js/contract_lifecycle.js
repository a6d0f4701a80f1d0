// How does a person take a contract over to another plan, or keep its data from being deleted?

(() => {
	const API = "subscription_mgmt.api.lifecycle.";
	const CHANGEABLE = ["Trialling", "Active", "Past Due", "Suspended", "Ended", "Cancelled"];

	frappe.ui.form.on("Subscription Contract", {
		refresh(frm) {
			if (frm.is_new() || !frm.has_perm("write")) return;
			show_deletion(frm);
			const group = __("Contract");
			if (CHANGEABLE.includes(frm.doc.status) && !frm.doc.data_deleted_on) {
				frm.add_custom_button(__("Change plan"), () => change_plan(frm), group);
			}
			if (frm.doc.instance && !frm.doc.data_deleted_on && frm.doc.status !== "Draft") {
				add_hold_button(frm, group);
			}
		},
	});

	function show_deletion(frm) {
		const { data_deleted_on, deletion_waits, on_hold, restricted_since, restricted_days } = frm.doc;
		if (restricted_since) {
			const since = frappe.datetime.str_to_user(restricted_since);
			const seen = __("Access restricted since {0}, found in force on {1} days.", [since, restricted_days || 0]);
			frm.dashboard.add_comment(seen, "orange", true);
		}
		if (data_deleted_on) {
			const day = frappe.datetime.str_to_user(data_deleted_on);
			frm.dashboard.add_comment(__("The data was deleted on {0}.", [day]), "red", true);
		} else if (deletion_waits) {
			frm.dashboard.add_comment(__("The deletion of the data waits: {0}", [reasons(frm)]), "orange", true);
		} else if (on_hold) {
			frm.dashboard.add_comment(__("Held: nobody deletes its data."), "blue", true);
		}
	}

	function reasons(frm) {
		const words = {
			unpaid_check: __("something was paid since the restriction"),
			backup: __("no verified final backup"),
			notices: __("not every notice was delivered"),
			hold: __("it is held, or not released"),
			restriction: __("the restriction was not in force the whole time"),
		};
		return frm.doc.deletion_waits
			.split(" ")
			.map((reason) => words[reason] || frappe.utils.escape_html(reason))
			.join(", ");
	}

	function add_hold_button(frm, group) {
		const verb = frm.doc.on_hold || frm.doc.deletion_waits ? "release" : "hold";
		const label = verb === "hold" ? __("Hold data") : __("Release data");
		const question =
			verb === "hold"
				? __("Keep the data of this contract from being deleted, whatever is unpaid?")
				: __("Did you look at what was paid, and may the deletion of the data go on?");
		frm.add_custom_button(
			label,
			() => frappe.confirm(question, () => call(verb, { contract: frm.doc.name }).then(() => frm.reload_doc())),
			group
		);
	}

	function change_plan(frm) {
		const dialog = new frappe.ui.Dialog({
			title: __("Change plan"),
			size: "large",
			fields: [
				{
					fieldname: "plan",
					fieldtype: "Link",
					options: "Plan",
					label: __("Plan"),
					reqd: 1,
					get_query: () => ({ filters: { disabled: 0, kind: ["!=", "Licence"] } }),
					onchange: () => show_preview(frm, dialog),
				},
				{
					fieldname: "interval",
					fieldtype: "Select",
					label: __("Interval"),
					options: ["Monthly", "Quarterly", "Half-Yearly", "Yearly"],
					default: frm.doc.interval,
					onchange: () => show_preview(frm, dialog),
				},
				{
					fieldname: "when",
					fieldtype: "Select",
					label: __("When"),
					options: [
						{ value: "", label: __("Up: now. Down: at the end of the period") },
						{ value: "now", label: __("Now") },
						{ value: "period_end", label: __("At the end of the period") },
					],
					onchange: () => show_preview(frm, dialog),
				},
				{ fieldname: "preview", fieldtype: "HTML" },
			],
			primary_action_label: __("Change plan"),
			primary_action: (values) =>
				call("change_plan", asked(frm, values))
					.then(() => frm.reload_doc())
					.then(() => dialog.hide()),
		});
		dialog.show();
	}

	const asked = (frm, { plan, interval, when }) => ({ contract: frm.doc.name, plan, interval, when });

	async function show_preview(frm, dialog) {
		const values = dialog.get_values(true);
		const place = dialog.fields_dict.preview.$wrapper;
		place.empty();
		if (!values.plan) return;
		const { message } = await frappe.call({
			method: API + "preview_change",
			args: asked(frm, values),
			type: "GET",
		});
		if (message) place.html(preview_html(message));
	}

	function preview_html({ on, currency, total, lines }) {
		if (on) {
			const day = frappe.datetime.str_to_user(on);
			return `<p>${__("Takes effect on {0}. Nothing is charged for it before.", [day])}</p>`;
		}
		if (!lines.length) return `<p>${__("Nothing is charged or credited today.")}</p>`;
		const rows = lines.map(
			({ description, amount }) =>
				`<tr><td>${escaped(description)}</td><td class="text-right text-nowrap">${money(amount, currency)}</td></tr>`
		);
		const sum = `<tr><th>${__("Total, before tax")}</th>
			<th class="text-right text-nowrap">${money(total, currency)}</th></tr>`;
		return `<div class="table-responsive"><table class="table table-bordered">
			<tbody>${rows.join("")}${sum}</tbody>
		</table></div>`;
	}

	const call = (verb, args) => frappe.call({ method: API + verb, args, freeze: true });
	const escaped = (text) => frappe.utils.escape_html(String(text ?? ""));
	const money = (amount, currency) => escaped(format_currency(Number(amount), currency));
})();
