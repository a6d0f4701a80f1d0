"""In which sentence does a person read what the rules of usage and of registered users decided?

`messages.py` holds the others.
"""

from collections.abc import Callable


def usage_sentences(_: Callable[[str], str]) -> dict[str, str]:
	return {
		# Usage
		"no_quota_price": _(
			"{metric} beyond the quota has no price in {currency} on {day}. Add a line with that currency to the plan's quotas."
		),
		"unknown_metric": _("{plan} has no quota for {metric}. Choose one of the plan's metrics."),
		"negative_usage": _("{metric} was {value}. Usage must not be negative; mend the meter."),
		"usage_in_future": _(
			"{metric} was measured at {at}, which is still to come. Set the meter's clock right."
		),
		"usage_before_start": _(
			"It was measured on {at}, before the contract began on {start}. Leave it out."
		),
		"usage_needs_module": _("{metric} is counted per module. Say for which module."),
		"usage_not_per_module": _("{metric} is not counted per module. Leave the module {module} out."),
		"module_not_metered": _("{plan} does not contain {module}. Choose one of the plan's modules."),
		"usage_key_reused": _(
			"The key {key} was used before with other figures. Give each record a key of its own."
		),
		"usage_sent_at_once": _(
			"{contract}: the same usage was reported twice at the same moment. Send it again; it counts once."
		),
		# Registered users
		"user_without_login": _(
			"Give the user a name of 1 to 140 characters, his e-mail address for example."
		),
		"user_registered_before": _("{user} is registered already. Change his rights instead."),
		"user_not_registered": _("{user} is not registered. Reload the list of users to see who is."),
		"administrator_stays": _("{user} is the administrator. Make somebody else the administrator first."),
		"users_beyond_quota": _(
			"{users} users of {module} would be more than the {allowed} allowed. Add a Users pack first."
		),
		"users_beyond_quota_in_all": _(
			"{users} users would be more than the {allowed} allowed. Add a Users pack first."
		),
		# Packs, later or at once
		"sold_once": _("{pack} is sold once, not with the contract's periods. Add it now."),
		"pack_after_end": _(
			"{contract} ends on {end}, before {pack} would begin. Switch the renewal on first, or add it now."
		),
		# What happened
		"pack_planned": _("Adds {quantity} × {pack} (module {module}) on {day}"),
		"pack_dropped": _("Took {quantity} × {pack} (module {module}) off at once"),
		"user_added": _("Registered {user} (modules {modules})"),
		"user_changed": _("Rights of {user}: {before} → {after}"),
		"user_removed": _("Removed {user} from the users"),
	}
