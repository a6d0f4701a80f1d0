"""Who may read a file that came with a message about a ticket? Whoever may read the ticket."""

from frappe.model.document import Document

from subscription_mgmt.adapters.ticket_files import MESSAGE, lay_on_ticket


def share_with_ticket(file: Document, method: str | None = None) -> None:
	if file.attached_to_doctype == MESSAGE:
		lay_on_ticket(file)
