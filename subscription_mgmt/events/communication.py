"""What does a message change about the ticket it is on? Ours acknowledges it, the customer's makes its clock run."""

from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from subscription_mgmt.adapters.assignment import tell_assignees
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.conversation_records import DOCTYPE, PUBLIC, SENT
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.services.customer_reply import hear
from subscription_mgmt.services.reply import reply


def act_on_ticket(message: Document, method: str | None = None) -> None:
	"""By whichever way it came: Desk's own composer, our buttons, a mail, the portal."""
	if message.reference_doctype != DOCTYPE or message.communication_type != PUBLIC:
		return
	ticket = message.reference_name
	if message.sent_or_received == SENT:
		reply(ticket, moment(), support_ports())
	else:
		hear(ticket, moment(), support_ports())
		# Desk shows it as HTML, and whoever writes a mail says what he is called.
		writer = escape_html(message.sender_full_name or message.sender or "")
		tell_assignees(ticket, _("{0} wrote on {1}").format(writer, ticket))
