"""How does a person get an account for the portal? Frappe's own User, welcome mail and key to set a password."""

from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url

ROLE = "Customer"


def account_for(email: str, full_name: str, language: str) -> tuple[Document, bool]:
	"""(account, whether it is new). Another name for an account that exists is not taken over."""
	known = frappe.db.get_value("User", {"email": email})
	if known:
		user = frappe.get_doc("User", known)
		if user.enabled and ROLE not in {row.role for row in user.roles}:
			user.flags.ignore_permissions = True
			user.add_roles(ROLE)
		return user, False
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": full_name or email.partition("@")[0],
			"user_type": "Website User",
			"language": language if frappe.db.exists("Language", language) else None,
			"send_welcome_email": 0,
			"roles": [{"role": ROLE}],
		}
	)
	user.flags.no_welcome_mail = True
	return user.insert(ignore_permissions=True), True


def send_invitation(user: Document, is_new: bool, customer: str) -> None:
	"""A new account gets Frappe's welcome mail with the key; a known one is told where to look. A vendor without
	outgoing e-mail finds the failure in his error log; whoever invites is not told which of them it was."""
	if not user.enabled:
		return
	try:
		if is_new:
			user.send_welcome_mail_to_user()
		else:
			frappe.sendmail(
				recipients=user.email,
				subject=_("You can use the services of {0}").format(customer),
				template="portal_invitation",
				args={"customer": customer, "link": get_url("/services")},
			)
	except frappe.OutgoingEmailError:
		frappe.clear_last_message()
		frappe.log_error(_("No invitation could be sent: set up an outgoing e-mail account."))


def password_link(user: Document) -> str:
	"""Where the person sets a password, once; Frappe's own key, of Frappe's own validity. On this site, by whatever
	name it is reached."""
	link = urlsplit(user.reset_password())
	return f"{link.path}?{link.query}"
