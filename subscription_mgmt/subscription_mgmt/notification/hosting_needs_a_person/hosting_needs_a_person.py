"""Who is told in Desk that something could not be done to a customer's system?"""

from subscription_mgmt.adapters.alerts import address_to_alert_role


def get_context(context: dict) -> None:
	address_to_alert_role(context)
