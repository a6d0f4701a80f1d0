"""Who is told in Desk that a training was paid and slots are to be proposed?"""

from subscription_mgmt.adapters.alerts import address_to_alert_role


def get_context(context: dict) -> None:
	address_to_alert_role(context)
