"""Who is told in Desk that backups of a system failed, are late, missing or too small?"""

from subscription_mgmt.adapters.alerts import address_to_alert_role


def get_context(context: dict) -> None:
	address_to_alert_role(context)
