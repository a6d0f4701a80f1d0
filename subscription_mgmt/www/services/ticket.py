"""One ticket: what was said, what it costs, and what is asked of the customer."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page
from subscription_mgmt.api.portal.support import ticket_page

no_cache = 1


@portal_page(_lt("Ticket"), place="support")
def get_context(context: dict, visit: Visit) -> None:
	context.update(ticket_page(asked("name")))
