"""A request for help: what it is about, how bad it is, and what is promised then."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import asked, portal_page
from subscription_mgmt.api.portal.support import new_ticket_page
from subscription_mgmt.engine.portal_roles import Verb

no_cache = 1


@portal_page(_lt("New ticket"), place="support", verb=Verb.OPEN_TICKET)
def get_context(context: dict, visit: Visit) -> None:
	context.update(new_ticket_page(visit, asked("contract")))
