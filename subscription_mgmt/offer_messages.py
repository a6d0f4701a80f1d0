"""In which sentences does a person read of offers, credits taken back, interventions and trainings?"""

from collections.abc import Callable


def offer_sentences(_: Callable[[str], str]) -> dict[str, str]:
	return {
		"needs_no_offer": _(
			"{ticket} is included in what was promised. Work on it; nothing is to be quoted."
		),
		"nothing_to_quote": _(
			"Nothing is sold for {ticket}. Name a pack or an item on its topic, or put a Success Pack on sale."
		),
		"credits_kept": _(
			"{taken} credits were taken back from {customer}. {kept} were used before and stay: settle them with the customer."
		),
		"charge_of_contract": _(
			"{what} belongs to contract {contract}. Un-park the contract, and its next billing invoices it."
		),
		"invoiced_before": _("{what} is on invoice {invoice}. Cancel that one before you invoice it again."),
		"unknown_grant": _("There is no access grant {grant}. Look it up in the Access Grant list."),
		"access_move_refused": _(
			"{grant} is {status}; {event} is not possible now. Reload it to see its status."
		),
		"credentials_incomplete": _("Give both the user name and the password."),
		"credentials_too_long": _("At most {most} characters can be kept of each. Attach nothing here."),
		"no_access_for_finished": _("{ticket} is finished. Reopen it before access is given."),
		"no_credentials_held": _("{grant} holds no credentials now. Ask the customer for new ones."),
		"not_the_assignee": _(
			"Only who is assigned to {ticket} sees its credentials. Have it assigned to you first."
		),
		"sessions_not_positive": _("{pack} brings no session. Say how many it brings."),
		"unknown_session": _(
			"There is no training session {session}. Look it up in the Training Session list."
		),
		"session_move_refused": _(
			"{session} is {status}; {event} is not possible now. Reload it to see its status."
		),
		"no_slot_fits": _(
			"{calendar} has no free window of {minutes} minutes in the next two months. Give it longer hours, or choose another calendar."
		),
		"slot_not_offered": _("That moment was not proposed for {session}. Choose one of its slots."),
		"slot_taken": _("That moment is not free any more. Choose another slot of {session}."),
		"session_to_come": _("{session} has not begun yet. Say afterwards what became of it."),
		"no_training_calendar": _(
			"No hours of trainings are known. Name a Training Calendar in the settings."
		),
		"ticket_on_another_licence": _(
			"{licence} is not {customer}'s. Choose a licence of the customer who asks."
		),
		"missed_daily_answer": _("An answer was promised each working day; none was given until {due}."),
		"access_handed_in": _("The customer handed in access: {purpose}."),
	}


def offer_notices(_: Callable[[str], str]) -> dict[str, str]:
	return {
		"excluded": _(
			"Your request is not included in the support. {reason} We recommend {pack} and are preparing an offer for you."
		),
		"excluded_without_pack": _("Your request is not included in the support. {reason}"),
		"by_quote": _("Your request is done by quotation. {reason} We are preparing it: {pack}."),
		"by_quote_without_pack": _("Your request is done by quotation. {reason} We are preparing it."),
		"access_system": _(
			"To work on your request we need access to your system. Please create a temporary user with full rights and hand in its name and password on the page of your request, not by e-mail. They are encrypted, seen only by the person who helps you, and erased when your request is resolved."
		),
		"access_files": _(
			"To work on your request we need access to the files of your system (FTP or SSH). Please create a temporary user and hand in its name and password on the page of your request, not by e-mail. They are encrypted, seen only by the person who helps you, and erased when your request is resolved."
		),
		"access_database": _(
			"To work on your request we need access to the database of your system. Please create a temporary user and hand in its name and password on the page of your request, not by e-mail. They are encrypted, seen only by the person who helps you, and erased when your request is resolved."
		),
		"access_remove": _(
			"The credentials that you gave us for {url} are erased here. Please remove the temporary user from your system now, and tell us on the page of your request that it is gone."
		),
		"training_proposed": _(
			"For your training {training} you can choose one of these moments on your page: {slots}."
		),
		"training_booked": _(
			"Your training {training} is booked for {starts_at}. The link of the web conference comes on the day."
		),
		"training_reminder": _("Your training {training} is on {starts_at}."),
		"training_link": _("Your training {training} begins on {starts_at}. Join it here: {link}"),
		"training_missed": _(
			"We missed you at your training {training} on {starts_at}. Please contact us for another day."
		),
		"training_cancelled": _("Your training {training} is cancelled."),
	}
