// How does the assignee see credentials, and how are they erased before the ticket is done?

const ACCESS_API = "subscription_mgmt.api.access_grant.";

frappe.ui.form.on("Access Grant", {
	refresh(frm) {
		frm.disable_save();
		const { status } = frm.doc;
		if (status === "Handed In") {
			frm.add_custom_button(__("Show credentials"), () => show_credentials(frm)).addClass("btn-primary");
		}
		if (["Requested", "Handed In"].includes(status)) {
			frm.add_custom_button(__("Erase now"), () =>
				frappe.confirm(__("Erase these credentials for good?"), () => on_grant(frm, "erase"))
			);
		}
		if (status === "Erased") {
			frm.add_custom_button(__("The user is removed"), () => on_grant(frm, "confirm_removal"));
		}
	},
});

function on_grant(frm, verb) {
	return frappe
		.call({ method: ACCESS_API + verb, args: { grant: frm.doc.name }, freeze: true })
		.then(() => frm.reload_doc());
}

function show_credentials(frm) {
	frappe.call({ method: ACCESS_API + "look", args: { grant: frm.doc.name } }).then(({ message }) => {
		if (!message) return;
		const field = (fieldname, label, value) => ({
			fieldname,
			label,
			fieldtype: "Data",
			read_only: 1,
			default: value,
		});
		const dialog = new frappe.ui.Dialog({
			title: __("Credentials"),
			fields: [
				field("url", __("URL"), frm.doc.url),
				field("username", __("User Name"), message.username),
				field("secret", __("Password"), message.secret),
				field("details", __("Details"), message.details),
			],
			primary_action_label: __("Copy password"),
			primary_action: () => frappe.utils.copy_to_clipboard(message.secret),
		});
		dialog.show();
		frm.reload_doc();
	});
}
