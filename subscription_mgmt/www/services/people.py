"""A customer's people: who may use the portal, and in which role."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import portal_page
from subscription_mgmt.api.portal.people import people_page
from subscription_mgmt.engine.portal_roles import Verb

no_cache = 1


@portal_page(_lt("People"), place="people", verb=Verb.MANAGE_PEOPLE)
def get_context(context: dict, visit: Visit) -> None:
	context.update(people_page(visit))
