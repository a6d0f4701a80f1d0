// What happened, for a reader who cannot change it?

frappe.ui.form.on("Subscription Activity", {
	refresh(frm) {
		frm.disable_save();
		frm.page.set_title(frappe.utils.escape_html(frm.doc.sentence || frm.doc.name));
	},
});
