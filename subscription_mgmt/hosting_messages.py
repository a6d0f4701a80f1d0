"""In which sentence does a person read what was refused about servers, backups and the running of systems?"""

from collections.abc import Callable


def hosting_sentences(_: Callable[[str], str]) -> dict[str, str]:
	return {
		"site_name_refused": _(
			"{site} is not the name of a system. Use a domain in lower case, for example acme.example."
		),
		"provider_failed": _("{system} did not do what was asked: {reason}"),
		"provider_refused": _("{system} cannot do what was asked: {reason}"),
		"word_refused": _("{word} cannot be given to a machine. Use letters, digits and - _ . / alone."),
		"system_busy": _("Another command works on {system} still. It is tried again."),
		"provider_timed_out": _("{system} did not finish within {minutes} minutes. Look at its server."),
		"provider_goes_on": _("{system} was asked and works on it. It is asked again in {seconds} seconds."),
		"guard_missing": _(
			"{system} does not have the app {app}, which guards its access. Install it there, then try again."
		),
		"apps_missing": _(
			"{system} is there, but without {apps}. Install them, or give the instance another name."
		),
		"unreadable_answer": _("{system} answered what nobody understands: {answer}"),
		"operation_refused": _("{kind} is {status}: it cannot be changed any more. Reload to see."),
		"operation_outdated": _("{system}: a newer order took its place."),
		"mode_not_in_force": _(
			"{system} was told to be {mode}, but does not say that it is. It is tried again."
		),
		"drop_waits_unpaid_check": _("Something was paid, or taken back, since the deletion was ordered."),
		"drop_waits_backup": _("There is no verified final backup."),
		"drop_waits_hold": _("A contract is on hold, or a release is missing."),
		"drop_waits_restriction": _(
			"It is not known to be restricted now, or a contract lets people use it."
		),
		"update_needs_full": _("{system} is updated while it is in full use, not before."),
		"update_rolled_back": _(
			"The update of {system} failed and it is back where it was: {reason} Mend the cause, then try again."
		),
		"update_left_broken": _(
			"The update of {system} failed ({reason}), and after the restore rows are missing in {tables}. Look at it now."
		),
		"rows_lost": _("{system} lost rows in {tables}."),
		"worker_gone": _(
			"The worker died while it worked on {system} ({tries} times so far). Look at this machine's memory and log."
		),
		"operation_waits": _("{system} waits: {reason}"),
		"not_offered": _(
			"{provider} cannot do this for {system}. Do it by hand, or choose another provider."
		),
		# Outages
		"outage_without_length": _("The outage ends before it begins. Correct the times."),
		"maintenance_without_end": _("Say when the maintenance ends."),
		"maintenance_too_late": _(
			"Maintenance is entered before it begins. What has begun already is an outage: untick Planned."
		),
		"outage_in_the_future": _("An outage lies in the past. For work to come, tick Planned."),
		"correction_without_reason": _("Say why you correct this, in a sentence of its own."),
	}
