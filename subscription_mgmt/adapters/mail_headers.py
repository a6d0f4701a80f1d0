"""How does another machine see that a mail of ours was written by one? So that two of them do not answer each other."""

from frappe.email.email_body import EMail

# Frappe lets a sender of mail add X- headers only.
SUPPRESS = "X-Auto-Response-Suppress"
AUTOMATIC = {SUPPRESS: "All"}


def mark_automatic(mail: EMail) -> None:
	"""RFC 3834: said of every mail that asks for no automatic response."""
	if mail.msg_root.get(SUPPRESS):
		mail.set_header("Auto-Submitted", "auto-replied")
