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
		"support_of_one_off_pack": _(
			"{pack} is sold once and ends at once. Sell it by interval, or let it promise no support."
		),
		"pack_needs_contract": _(
			"{pack} is sold with a contract only. Add it to one of the customer's contracts."
		),
		"severity_changed": _("Severity {before} → {after}: {reason}"),
		"ticket_reopened": _("Opened again: {reason}"),
		"nothing_said": _("The message is empty. Write something first."),
		"reopen_needs_reason": _("Give the reason for which {ticket} is opened again."),
		"ticket_merged": _("Merged into {main}: its conversation goes on there."),
		"ticket_took_over": _("{duplicate} was merged into this ticket, with its conversation."),
		"merge_with_itself": _("{ticket} cannot be merged into itself. Choose another ticket."),
		"merge_of_two_customers": _(
			"{ticket} and {main} are not of the same customer. Choose two tickets of one customer."
		),
		"merge_into_closed": _("{main} is closed. Choose a ticket that is still worked on, or resolved."),
		"requester_unknown": _("Nobody has said whose {ticket} is. Say so first."),
		"work_recorded": _(
			"Work was recorded on {ticket}, which would go another way now. Resolve it, and open another for the rest."
		),
		"ticket_classified": _("Classified: {kind}, topic {topic}."),
		"requester_known": _("{ticket} is {customer}'s already. Open a new ticket for another customer."),
		"timer_runs": _("Your timer runs for {ticket}. Stop it there first."),
		"no_timer_runs": _("No timer of yours runs. Start one on the ticket, or record the minutes."),
		"timer_forgotten": _(
			"The timer of {ticket} ran for {run} minutes, more than {cap}. Say how many of them were work."
		),
		"timer_ran_less": _(
			"The timer of {ticket} ran for {run} minutes only, not {minutes}. Record the rest by itself."
		),
		"rating_needs_resolution": _("{ticket} is not resolved. Rate it when it is."),
		"stars_out_of_range": _("{stars} stars cannot be given. Give 1 to {most}."),
		"rating_is_final": _(
			"The rating of {ticket} cannot be changed after {days} days. Write to us instead."
		),
		"nothing_rated": _("The customer has not rated {ticket}. Answer when he has."),
		"text_too_long": _("The text has {length} characters. Shorten it to {most}."),
		"near_response": _("The response is due on {due}."),
		"near_resolution": _("The resolution is due on {due}."),
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
		"received": _(
			"We have received your request. Its number is {number}. Answer this mail to add to it."
		),
		"received_due": _(
			"We have received your request. Its number is {number}; we will respond by {respond_by}. "
			"Answer this mail to add to it."
		),
		"merged": _("Your request asks the same as {main}. We go on there, and charge it once."),
		"out_of_hours": _("Our team is out of office. Work on your request resumes on {resumes_at}."),
	}


def severity_definitions(_: Callable[[str], str]) -> dict[str, str]:
	"""What each severity means, by its number. Seed uk, "Error de gravedad 1" to "4"."""
	return {
		"1": _(
			"The production system or another critical system is down, and there is no immediate workaround: data are at risk of loss or corruption, service is substantially lost, or the security of personal data was breached. Not for laboratory, demonstration or not yet accepted systems, nor for software of others."
		),
		"2": _(
			"A main function is severely affected: work goes on in a restricted way although data may suffer in the long run, or there is only a temporary workaround. Not for software of others."
		),
		"3": _(
			"A partial loss of function that is not critical: some components are affected, and users can go on using the software."
		),
		"4": _("General questions of use and cosmetic problems, errors in the documentation among them."),
	}
