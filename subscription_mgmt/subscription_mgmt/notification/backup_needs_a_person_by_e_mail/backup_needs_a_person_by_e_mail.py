"""Who is mailed that backups of a system failed, are late, missing or too small? Nobody, if the site sends no mail."""

from subscription_mgmt.adapters.alerts import address_to_alert_role, mail_goes_out


def get_context(context: dict) -> dict:
	address_to_alert_role(context)
	return {"mail_goes_out": mail_goes_out()}
