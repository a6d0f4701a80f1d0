"""The public price page of plans and packs."""

from frappe import _lt

from subscription_mgmt.api.portal.pages import public_page
from subscription_mgmt.api.portal.prices import prices_page

no_cache = 1


@public_page(_lt("Plans and prices"))
def get_context(context: dict) -> None:
	context.update({**prices_page(), "sitemap": 1})
