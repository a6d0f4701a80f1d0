"""In which sentences does a person read what the rules of support decided? `messages.py` holds the others."""

from collections.abc import Callable


def support_sentences(_: Callable[[str], str]) -> dict[str, str]:
	return {
		"calendar_without_hours": _("{calendar} has no working hour. Add one, or tick Always Open."),
		"window_ends_before_it_starts": _(
			"{calendar}: a window of hours must end after it starts, within the day."
		),
		"closure_ends_before_it_starts": _("{calendar}: a closure must end after it starts."),
		"deadline_too_far": _(
			"{calendar} has too little working time in the next {years} years. Give it more hours, or fewer closures."
		),
		"minutes_negative": _("{minutes} minutes are less than none. Give 0 or more."),
		"minutes_not_positive": _("{minutes} minutes of work cannot be recorded. Give 1 or more."),
		"unknown_policy": _(
			"There is no SLA policy {policy}. Choose one of the SLA Policy list, or create it."
		),
		"unknown_topic": _("There is no topic {topic}. Choose one of the Support Topic list, or create it."),
		"unknown_ticket": _("There is no ticket {ticket}. Look it up in the SLA Ticket list."),
		"ticket_exists": _("There is a ticket {ticket} already. Give the new one another name."),
		"ticket_move_refused": _(
			"{ticket} is {status}; {event} is not possible now. Reload it to see its status."
		),
		"ticket_on_another_contract": _(
			"{contract} is not {customer}'s. Choose a contract of the customer who asks."
		),
		"channel_not_offered": _("{policy} does not include {channel}. Use one of {known}."),
		"severity_needs_production": _(
			"Severity {severity} is for production systems only. Choose severity 2 or lower."
		),
		"severity_not_for_third_party": _(
			"Severity {severity} is not for the software of others. Choose severity 3 or 4."
		),
		"severity_needs_reason": _("Give the reason for which the severity of {ticket} is changed."),
		"hour_cap_used": _("The hours that {ticket} could use are used up, so no more work is done on it."),
		"hour_cap_short": _(
			"Only {left} of the {minutes} minutes are left in the hours of {policy}. Record at most {left}."
		),
		"too_few_credits": _(
			"{customer} has {balance} credits and needs {needed}. Let him buy a pack of credits first."
		),
		"booked_before": _("{key} was booked before. Nothing was booked again; reload and look."),
		"pack_needs_contract": _(
			"{pack} is sold with a contract only. Add it to one of the customer's contracts."
		),
		"severity_changed": _("Severity {before} → {after}: {reason}"),
		"missed_response": _("The response was due on {due} and is missed."),
		"missed_resolution": _("The resolution was due on {due} and is missed."),
	}


def support_notices(_: Callable[[str], str]) -> dict[str, str]:
	return {
		"low_balance": _("Only {balance} support credits are left."),
		"too_few_credits": _(
			"{needed} support credits are needed and {balance} are left. "
			"Please buy {quantity} × {pack}; the ticket waits."
		),
		"too_few_credits_without_pack": _(
			"{needed} support credits are needed and {balance} are left. Please contact us; the ticket waits."
		),
		"new_balance": _("{balance} support credits are left."),
		"out_of_hours": _("Our team is out of office. Work on your request resumes on {resumes_at}."),
	}
