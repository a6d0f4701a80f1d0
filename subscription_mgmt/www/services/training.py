"""A customer's trainings: those to book, and those booked."""

from frappe import _lt

from subscription_mgmt.api.portal.guard import Visit
from subscription_mgmt.api.portal.pages import portal_page
from subscription_mgmt.api.portal.training import training_page

no_cache = 1


@portal_page(_lt("Training"), place="training")
def get_context(context: dict, visit: Visit) -> None:
	context.update(training_page(visit))
