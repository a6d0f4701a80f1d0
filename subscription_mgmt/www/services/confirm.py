"""A visitor's e-mail address is confirmed, and his contract begins."""

from frappe import _lt

from subscription_mgmt.api.portal.pages import asked, public_page
from subscription_mgmt.api.portal.signup import confirm_page

no_cache = 1


@public_page(_lt("Confirm your e-mail address"))
def get_context(context: dict) -> None:
	context.update(confirm_page(asked("key")))
