// What is offered on a ticket beside the work on it: a quotation for what is not included?

(() => {
	const OFFERED = ["quote", "excluded"];
	const FINISHED = ["Resolved", "Closed"];

	frappe.ui.form.on("SLA Ticket", {
		setup(frm) {
			frm.set_query("licence", () => ({ filters: { customer: frm.doc.customer || "", status: "Issued" } }));
		},

		refresh(frm) {
			if (frm.is_new()) return;
			show_offer(frm);
			show_promise(frm);
			if (frm.has_perm("write") && !FINISHED.includes(frm.doc.status)) {
				frm.add_custom_button(__("Ask for access"), () => ask_for_access(frm), __("Ticket"));
				frm.add_custom_button(__("Enter credentials"), () => enter_credentials(frm), __("Ticket"));
			}
		},
	});

	function purpose_field() {
		const options = ["System", "Files", "Database"].map((value) => ({ value, label: __(value) }));
		return { fieldname: "purpose", fieldtype: "Select", options, label: __("Purpose"), default: "System", reqd: 1 };
	}

	function ask_for_access(frm) {
		const fields = [purpose_field(), { fieldname: "url", fieldtype: "Data", label: __("URL") }];
		frappe.prompt(fields, (values) => on_access(frm, "request", values), __("Ask for access"), __("Ask"));
	}

	function enter_credentials(frm) {
		const fields = [
			purpose_field(),
			{ fieldname: "url", fieldtype: "Data", label: __("URL") },
			{ fieldname: "username", fieldtype: "Data", label: __("User Name"), reqd: 1 },
			{ fieldname: "secret", fieldtype: "Password", label: __("Password"), reqd: 1 },
			{ fieldname: "details", fieldtype: "Data", label: __("Details") },
		];
		frappe.prompt(fields, (values) => on_access(frm, "hand_in", values), __("Enter credentials"), __("Save"));
	}

	function on_access(frm, verb, values) {
		const args = { ticket: frm.doc.name, ...values };
		frappe
			.call({ method: `subscription_mgmt.api.access_grant.${verb}`, args, freeze: true })
			.then(() => frm.reload_doc());
	}

	async function show_promise(frm) {
		const { name, sla_policy } = frm.doc;
		if (!sla_policy) return;
		const method = "subscription_mgmt.api.promise.of_ticket";
		const { message } = await frappe.call({ method, args: { ticket: name } });
		if (!message || frm.doc.name !== name) return;
		const lines = [];
		if (message.hours) lines.push(hours_line(message.hours));
		if (message.credits) lines.push(credits_line(message.credits));
		if (message.languages.length) lines.push(__("Help is given in: {0}.", [message.languages.join(", ")]));
		if (message.daily_answer) lines.push(__("An answer is promised each working day."));
		const is_short = message.credits && message.credits.needed > message.credits.balance;
		const colour = is_short || (message.hours && !message.hours.left) ? "red" : "blue";
		if (lines.length) frm.dashboard.add_comment(lines.join(" "), colour, true);
	}

	function hours_line({ cap, bought, left, until }) {
		const day = frappe.datetime.str_to_user(until);
		return __("{0} of {1} hours are left until {2}.", [as_hours(left), as_hours(cap + bought), day]);
	}

	function credits_line({ needed, balance }) {
		return __("It costs {0} credits as far as is known now; the customer has {1}.", [needed, balance]);
	}

	function as_hours(minutes) {
		return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
	}

	function show_offer(frm) {
		const { route, quotation, offer } = frm.doc;
		if (!OFFERED.includes(route)) return;
		const why = route === "quote" ? __("Done by quotation.") : __("Not included in the support.");
		const what = offer ? __("{0} is offered.", [frappe.utils.escape_html(offer).bold()]) : "";
		frm.dashboard.add_comment(`${why} ${what}`, "yellow", true);
		if (quotation) {
			frm.add_custom_button(__("Open quotation"), () => frappe.set_route("Form", "Quotation", quotation));
		} else if (frm.has_perm("write")) {
			frm.add_custom_button(__("Make quotation"), () => make_quotation(frm));
		}
	}

	function make_quotation(frm) {
		const args = { ticket: frm.doc.name };
		frappe
			.call({ method: "subscription_mgmt.api.offer.quote", args, freeze: true })
			.then(({ message }) => message && frappe.set_route("Form", "Quotation", message));
	}
})();
