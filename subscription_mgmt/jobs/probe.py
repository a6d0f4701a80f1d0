"""Which systems can be reached? Asked every five minutes, all at once; what came opens and closes outages."""

from html import escape

import frappe
from frappe import _

from subscription_mgmt.adapters.alerts import alert
from subscription_mgmt.adapters.clock import moment
from subscription_mgmt.adapters.http_probe import ask_all
from subscription_mgmt.adapters.outage_records import close_of, close_unwatched, open_of, open_outages
from subscription_mgmt.adapters.probe_gaps import note_gaps
from subscription_mgmt.adapters.probe_records import (
	Kept,
	control_targets,
	keep,
	kept,
	private_addresses_allowed,
	targets,
)
from subscription_mgmt.engine.probing import Answer, Findings, look

MOST_NAMED = 20


def probe_instances() -> int:
	"""One look at every system; how many were asked."""
	asked, controls = targets(), control_targets()
	frappe.db.commit()  # nothing is held open while the network is waited for
	answers = ask_all([*asked, *controls], private_addresses_allowed())
	before = kept([target.name for target in asked])
	found = look(
		[known.watched for known in before.values()], answers, [answers[each.name] for each in controls]
	)
	_record(found, answers, before)
	frappe.db.commit()
	return len(before)


def _record(found: Findings, answers: dict[str, Answer], before: dict[str, Kept]) -> None:
	now = moment()
	gap = note_gaps(
		before, [system.instance for system in (*found.reached, *found.failing)], now, found.is_blind
	)
	keep(found, answers, before)
	opened = open_of([(each, before[each.instance].customer, answers[each.instance]) for each in found.opens])
	close_of({str(each.outage): answers[each.instance] for each in found.closes})
	watched = {str(known.watched.outage) for known in before.values()}
	close_unwatched(set(open_outages().values()) - watched - set(opened), now)
	_tell(found, opened, gap)


def _tell(found: Findings, opened: list[str], gap: str | None) -> None:
	if gap:
		alert(
			_("The probe reaches hardly any system"),
			_(
				"That is rather our own network than theirs: no outage is opened. Look at the network; enter an "
				"Outage by hand for systems that were really down."
			),
			"Probe Gap",
			gap,
		)
	if opened:
		names = [escape(each.instance) for each in found.opens]
		listed = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
		one, more = _("{0} cannot be reached"), _("{0} systems cannot be reached")
		subject = one.format(names[0]) if len(names) == 1 else more.format(len(names))
		alert(subject, listed, "Outage", opened[0])
