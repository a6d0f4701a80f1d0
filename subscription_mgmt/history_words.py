"""In which words does a person read a contract's history? Its entries are codes with figures."""

from collections.abc import Callable

from subscription_mgmt.messages import sentences


def happenings(_: Callable[[str], str]) -> dict[str, str]:
	"""What a contract's history says of changes that are not a service's note."""
	return {
		"created": _("Contract made, on plan {after}"),
		"edited": _("Changed {changes}"),
		"deleted": _("Contract deleted before it was charged for"),
		"status_changed": _("{before} → {after}"),
		"access_changed": _("Access to {instance}: {after}"),
		"invoiced": _("Invoice {after} over {total} {currency} net, due on {due_on}"),
		"credited": _("Credit note {after} over {total} {currency} net"),
		"deletion_waits": _("The deletion of the data waits: {reasons}"),
		"data_deleted": _("The data of {instance} was deleted"),
		"parked": _("Parked: {reason}"),
		"unparked": _("Un-parked"),
		"notice": _("{kind} sent to {recipient}"),
		"notice_without_recipient": _("{kind} could not be sent: no e-mail address"),
	}


def history_labels(_: Callable[[str], str]) -> dict[str, str]:
	"""A short name for each action of a history, for lists and filters."""
	return {
		"created": _("Contract made"),
		"edited": _("Edited"),
		"deleted": _("Contract deleted"),
		"status_changed": _("Status"),
		"access_changed": _("Access"),
		"invoiced": _("Invoice"),
		"credited": _("Credit note"),
		"deletion_waits": _("Deletion waits"),
		"data_deleted": _("Data deleted"),
		"parked": _("Parked"),
		"unparked": _("Un-parked"),
		"notice": _("Notice"),
		"pack_added": _("Pack added"),
		"pack_removed": _("Pack removed"),
		"pack_planned": _("Pack planned"),
		"pack_dropped": _("Pack taken off"),
		"user_added": _("User registered"),
		"user_changed": _("User changed"),
		"user_removed": _("User removed"),
		"renewal_on": _("Renewal switched on"),
		"renewal_off": _("Renewal switched off"),
		"cancelled_for": _("Cancelled"),
		"converted": _("Converted to a licence"),
		"plan_changed": _("Plan changed"),
		"plan_change_planned": _("Plan change planned"),
		"held": _("Held"),
		"released": _("Released"),
	}


def notice_kinds(_: Callable[[str], str]) -> dict[str, str]:
	return {
		"reminder": _("Payment reminder"),
		"renewal": _("Renewal notice"),
		"restriction": _("Restriction notice"),
		"deletion": _("Deletion notice"),
		"quota_80": _("80 % of a quota used"),
		"quota_100": _("A quota used up"),
		"blocked": _("Refused beyond a quota"),
	}


def waiting_reasons(_: Callable[[str], str]) -> dict[str, str]:
	return {
		"unpaid_check": _("something was paid since the restriction; look at it, then release"),
		"backup": _("no verified final backup"),
		"notices": _("not every notice was delivered"),
		"hold": _("held"),
		"restriction": _("the restriction was not in force the whole time"),
	}


def told(action: str, figures: dict, _: Callable[[str], str] = str) -> str:
	"""An entry of a history in words. Never fails: old entries stay readable when sentences come and go."""
	figures = dict(figures)
	if action == "notice":
		figures["kind"] = notice_kinds(_).get(str(figures.get("kind")), figures.get("kind"))
		action = "notice" if figures.get("recipient") else "notice_without_recipient"
	known = {**sentences(_), **happenings(_)}
	if isinstance(reasons := figures.get("reasons"), list):
		words = waiting_reasons(_)
		figures["reasons"] = ", ".join(words.get(reason, str(reason)) for reason in reasons)
	try:
		return known[action].format(**figures)
	except (KeyError, IndexError):
		return history_labels(_).get(action, action.replace("_", " "))


def broken_link(fault: str, _: Callable[[str], str] = str) -> str:
	"""What is wrong with a contract's history at its entry `{number}`."""
	return {
		"missing": _("{contract}: entry {number} is missing."),
		"out_of_order": _("{contract}: entry {number} is not where it belongs."),
		"edited": _("{contract}: entry {number} was edited."),
		"wrong_previous": _("{contract}: entry {number} does not follow the entry before it."),
		"beyond_head": _("{contract}: entry {number} was added by other means than the journal."),
		"head_differs": _("{contract}: entry {number} is not the last one that the contract knows of."),
		"other_customer": _("{contract}: entry {number} is shown to another customer."),
		"contract_gone": _("{contract}: the contract is gone after entry {number}, without being deleted."),
	}[fault]
