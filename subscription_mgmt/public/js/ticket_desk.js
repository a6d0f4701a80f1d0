// What does a person of ours say on a ticket, and how is it handled beside the work on it?

(() => {
	const API = "subscription_mgmt.api.conversation.";
	const FINISHED = ["Resolved", "Closed"];

	frappe.ui.form.on("SLA Ticket", {
		refresh(frm) {
			if (frm.is_new() || !frm.has_perm("write")) return;
			const { status, customer, merged_into, rated_at } = frm.doc;
			if (merged_into) return show_main(frm);
			const group = __("Ticket");
			frm.add_custom_button(__("Reply"), () => reply(frm)).addClass("btn-primary");
			frm.add_custom_button(__("Note"), () => note(frm));
			if (!customer) frm.add_custom_button(__("Say whose it is"), () => identify(frm)).addClass("btn-warning");
			if (customer && !FINISHED.includes(status)) {
				frm.add_custom_button(__("Classify"), () => classify(frm), group);
				frm.add_custom_button(__("Merge"), () => merge(frm), group);
			}
			if (status === "Resolved") frm.add_custom_button(__("Reopen"), () => reopen(frm));
			if (rated_at) frm.add_custom_button(__("Answer rating"), () => answer_rating(frm));
		},
	});

	function show_main(frm) {
		const { merged_into } = frm.doc;
		const link = frappe.utils.get_form_link("SLA Ticket", merged_into, true);
		frm.dashboard.add_comment(__("Merged into {0}: its conversation goes on there.", [link]), "blue", true);
	}

	function reply(frm) {
		const { status, severity, severity_confirmed_at } = frm.doc;
		const is_open = !FINISHED.includes(status);
		const files = [];
		const dialog = new frappe.ui.Dialog({
			title: __("Reply to the customer"),
			size: "large",
			fields: [
				{ fieldname: "message", fieldtype: "Text Editor", label: __("Message"), reqd: 1 },
				{
					fieldname: "confirms_severity",
					fieldtype: "Check",
					label: __("Confirms severity {0}", [severity]),
					default: 1,
					hidden: !is_open || severity_confirmed_at,
				},
				{
					fieldname: "waits",
					fieldtype: "Check",
					label: __("Wait for the customer's answer: the clock stops"),
					hidden: !["Open", "In Progress"].includes(status),
				},
				{ fieldname: "attach", fieldtype: "Button", label: __("Attach a file"), click: () => attach(frm, dialog, files) },
				{ fieldname: "attached", fieldtype: "HTML" },
			],
			primary_action_label: __("Send"),
			primary_action({ message, confirms_severity, waits }) {
				const args = {
					message,
					files: files.map(({ name }) => name),
					confirms_severity: is_open && !severity_confirmed_at && confirms_severity ? 1 : 0,
					waits: waits ? 1 : 0,
				};
				call(frm, "reply", args).then((sent) => {
					dialog.hide();
					frappe.show_alert(sent.mailed ? __("Sent by e-mail.") : __("Kept in the portal; no e-mail went out."));
				});
			},
		});
		dialog.show();
	}

	function attach(frm, dialog, files) {
		new frappe.ui.FileUploader({
			doctype: frm.doctype,
			docname: frm.docname,
			folder: "Home/Attachments",
			on_success(file) {
				files.push(file);
				const names = files.map(({ file_name }) => frappe.utils.escape_html(file_name));
				dialog.get_field("attached").html(names.join("<br>"));
			},
		});
	}

	function note(frm) {
		const field = { fieldname: "message", fieldtype: "Text Editor", label: __("Note"), reqd: 1 };
		const text = { fieldtype: "HTML", options: `<p class="text-muted">${__("No customer sees it.")}</p>` };
		frappe.prompt([text, field], ({ message }) => call(frm, "note", { message }), __("Note to ourselves"));
	}

	function identify(frm) {
		const fields = [
			{ fieldname: "customer", fieldtype: "Link", options: "Customer", label: __("Customer"), reqd: 1 },
			{
				fieldname: "contract",
				fieldtype: "Link",
				options: "Subscription Contract",
				label: __("Contract"),
				get_query: () => ({ filters: { status: ["in", ["Trialling", "Active", "Past Due"]] } }),
			},
		];
		frappe.prompt(fields, (values) => call(frm, "identify", values), __("Say whose it is"));
	}

	// A mail says none of it.
	function classify(frm) {
		const { doc } = frm;
		const theirs = (status) => () => ({ filters: { customer: doc.customer, status } });
		const link = (fieldname, options, label, get_query) => {
			return { fieldname, fieldtype: "Link", options, label, default: doc[fieldname], get_query };
		};
		const check = (fieldname) => {
			const { label } = frm.get_docfield(fieldname);
			return { fieldname, fieldtype: "Check", label: __(label), default: doc[fieldname] };
		};
		const kinds = frm.get_docfield("kind").options.split("\n");
		const fields = [
			{
				fieldname: "kind",
				fieldtype: "Select",
				options: kinds.map((value) => ({ value, label: __(value) })),
				label: __("Kind"),
				default: doc.kind,
				reqd: 1,
			},
			link("topic", "Support Topic", __("Topic")),
			link("contract", "Subscription Contract", __("Contract"), theirs(["in", ["Trialling", "Active", "Past Due"]])),
			link("licence", "Licence", __("Licence"), theirs("Issued")),
			...["production", "third_party", "customised"].map(check),
		];
		const send = (values) => {
			const emptied = { topic: "", contract: "", licence: "" };
			return call(frm, "classify", { ...emptied, ...values }, "subscription_mgmt.api.ticket.");
		};
		frappe.prompt(fields, send, __("Classify"), __("Save"));
	}

	function merge(frm) {
		const field = {
			fieldname: "into",
			fieldtype: "Link",
			options: "SLA Ticket",
			label: __("Ticket that goes on"),
			description: __("This one is closed without charge; what was said on it is read there."),
			reqd: 1,
			get_query: () => ({
				filters: {
					customer: frm.doc.customer,
					name: ["!=", frm.doc.name],
					status: ["!=", "Closed"],
				},
			}),
		};
		frappe.prompt(field, (values) => call(frm, "merge", values), __("Merge"), __("Merge"));
	}

	function reopen(frm) {
		const field = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
		frappe.prompt(field, (values) => call(frm, "reopen", values), __("Reopen"));
	}

	function answer_rating(frm) {
		const field = {
			fieldname: "answer",
			fieldtype: "Small Text",
			label: __("Our Answer"),
			description: __("The customer reads it beside his rating."),
			default: frm.doc.rating_answer,
			reqd: 1,
		};
		frappe.prompt(field, (values) => call(frm, "answer_rating", values), __("Answer rating"));
	}

	function call(frm, verb, values, api = API) {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save the ticket first."));
			return Promise.reject();
		}
		const args = { ticket: frm.doc.name, ...values };
		return frappe
			.call({ method: api + verb, args, freeze: true })
			.then(({ message }) => frm.reload_doc().then(() => message));
	}
})();
