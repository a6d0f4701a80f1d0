"""Does a paid training pack lead to a day of the customer's choice, an invitation he can open, and the link?"""

import email
from datetime import datetime, timedelta
from unittest import mock

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.api import pack as selling
from subscription_mgmt.api import training as api
from subscription_mgmt.jobs import support as packs
from subscription_mgmt.jobs import training as job
from subscription_mgmt.tests.committed import CommittedTestCase
from subscription_mgmt.tests.processes import Processes
from subscription_mgmt.tests.records import make_customer, make_fiscal_year_of, make_pack, make_user, settings
from subscription_mgmt.tests.support import NOW
from subscription_mgmt.tests.test_support_credits import CreditsTestCase

CALENDAR = "_Test Formation"
LINK = "https://meet.example/_test?room=1&key=2"


def make_training_calendar() -> str:
	if not frappe.db.exists("Service Calendar", CALENDAR):
		days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
		windows = [
			{"weekday": day, "start": start, "end": end}
			for day in days
			for start, end in (("09:00:00", "12:00:00"), ("14:00:00", "18:00:00"))
		]
		calendar = {"doctype": "Service Calendar", "calendar_name": CALENDAR, "windows": windows}
		frappe.get_doc({**calendar, "time_zone": "Europe/Paris"}).insert()
	return CALENDAR


def name_training_calendar() -> None:
	frappe.db.set_single_value("Subscription Mgmt Settings", "training_calendar", make_training_calendar())
	frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")


class TestTraining(CreditsTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.db.set_single_value(
			"Subscription Mgmt Settings", "training_calendar", make_training_calendar()
		)
		frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")
		self.customer = make_customer("_Test Élève", language="fr", email_id="eleve@example.com")
		self.pack = make_pack(
			"_Test Formation de prise en main",
			kind="Training",
			one_off=1,
			needs_contract=0,
			sessions=2,
			minutes=120,
			prices={"Once": 180},
		).name

	def at(self, minutes: int) -> None:
		super().at(minutes)
		now = NOW + timedelta(minutes=minutes)
		for place in ("api.training", "jobs.training", "adapters.training_news"):
			mock.patch(f"subscription_mgmt.{place}.moment", lambda: now).start()

	def sessions(self) -> list[str]:
		return frappe.get_all(
			"Training Session", {"customer": self.customer}, pluck="name", order_by="number"
		)

	def paid(self) -> str:
		"""The first of two sessions."""
		self.pay(self.buy(self.customer, self.pack))
		return self.sessions()[0]

	def booked(self) -> tuple[str, datetime]:
		session = self.paid()
		slot = api.propose(session)[0]
		api.choose(session, slot)
		return session, datetime.fromisoformat(slot)

	def mails(self, session: str) -> list[email.message.Message]:
		queued = frappe.get_all(
			"Email Queue", {"reference_name": session}, pluck="message", order_by="creation"
		)
		return [email.message_from_string(message) for message in queued]

	def test_sessions_come_with_the_payment_and_go_with_it(self):
		invoice = self.buy(self.customer, self.pack)
		packs.settle_packs(invoice)
		self.assertEqual(self.sessions(), [])
		payment = self.pay(invoice)
		packs.settle_packs(invoice)
		rows = frappe.get_all(
			"Training Session", {"customer": self.customer}, ["number", "minutes", "status"]
		)
		self.assertEqual(
			sorted((row.number, row.minutes, row.status) for row in rows),
			[(1, 120, "To Propose"), (2, 120, "To Propose")],
		)
		payment.cancel()
		packs.settle_packs(invoice)
		left = frappe.get_all("Training Session", {"customer": self.customer}, pluck="status")
		self.assertEqual(left, ["Cancelled", "Cancelled"])

	def test_somebody_is_told_in_desk_that_slots_are_to_be_proposed(self):
		manager = make_user("_test_trainings@example.com", "Subscription Manager")
		session = self.paid()
		(told,) = frappe.get_all(
			"Notification Log", {"document_name": session, "for_user": manager}, pluck="subject"
		)
		self.assertIn(self.customer, told)

	def test_the_customer_chooses_a_slot_and_gets_an_invitation_in_his_language(self):
		session, slot = self.booked()
		record = frappe.get_doc("Training Session", session)
		self.assertEqual((record.status, record.starts_at), ("Booked", stored(slot)))
		self.assertEqual(slot.utcoffset(), timedelta(hours=1))
		self.assertIn(slot.hour, (9, 14))
		proposed, invited = self.mails(session)
		self.assertIn("créneaux", self.text_of(proposed))
		self.assertIn("Europe/Paris", self.text_of(invited))
		self.assertIn("novembre", self.text_of(invited))
		content = self.attachment_of(invited)
		self.assertIn(f"DTSTART:{slot - timedelta(hours=1):%Y%m%dT%H%M%SZ}", content)
		self.assertIn("mailto:eleve@example.com", content)
		self.assertIn("METHOD:REQUEST", content)

	def test_the_reminder_the_day_before_and_the_link_on_the_day_each_once(self):
		session, slot = self.booked()
		record = frappe.get_doc("Training Session", session)
		record.conference_link = LINK
		record.save()
		before = len(self.mails(session))
		for hours, told in ((-25, 0), (-24, 1), (-20, 0), (-1, 1), (-1, 0)):
			self.at(int((slot - NOW).total_seconds() // 60) + hours * 60)
			self.assertEqual(job.tell(), told, hours)
		_reminder, linked = self.mails(session)[before:]
		self.assertIn(LINK.replace("&", "&amp;"), self.text_of(linked))
		self.assertIn("LOCATION:https://meet.example/_test?room=1&key=2", self.attachment_of(linked))
		(told,) = [row for row in api.of_customer(self.customer) if row["name"] == session]
		self.assertEqual(told["link"], LINK)

	def test_the_link_is_not_shown_before_its_day_and_foreign_trainings_never(self):
		session, slot = self.booked()
		frappe.db.set_value("Training Session", session, "conference_link", LINK)
		user = make_user("_test_eleve@example.com", "Customer", user_type="Website User")
		customer = frappe.get_doc("Customer", self.customer)
		customer.append("portal_users", {"user": user})
		customer.save()
		stranger = frappe.get_doc(
			{
				"doctype": "Training Session",
				"customer": make_customer("_Test Stranger"),
				"pack": self.pack,
				"minutes": 60,
			}
		).insert()
		slots = api.propose(stranger.name)
		frappe.set_user(user)
		told = {row["name"]: row for row in api.of_customer(self.customer)}
		self.assertEqual((told[session]["link"], told[session]["starts_at"]), (None, slot.isoformat()))
		api.invitation(session)
		self.assertTrue(frappe.response.filecontent.startswith("BEGIN:VCALENDAR"))
		for call in (
			lambda: api.of_customer("_Test Stranger"),
			lambda: api.choose(stranger.name, slots[0]),
			lambda: api.invitation(stranger.name),
			lambda: api.cancel(session),
			lambda: api.propose(session),
			lambda: api.held(session),
		):
			self.assertRaises(frappe.PermissionError, call)

	def test_a_booked_moment_is_offered_to_nobody_else_of_the_same_trainer(self):
		_, slot = self.booked()
		other = self.sessions()[1]
		self.assertNotIn(slot.isoformat(), api.propose(other))
		trainer = make_user("_test_trainer@example.com", "Subscription User")
		frappe.db.set_value("Training Session", other, "trainer", trainer)
		self.assertIn(slot.isoformat(), api.propose(other))

	def test_done_no_show_and_cancelled_are_said_at_their_time(self):
		session, slot = self.booked()
		self.assertRaisesRegex(frappe.ValidationError, "has not begun", api.held, session)
		self.at(int((slot - NOW).total_seconds() // 60) + 5)
		api.missed(session)
		self.assertEqual(frappe.db.get_value("Training Session", session, "status"), "No Show")
		api.propose(session)
		api.choose(session, api.of_customer(self.customer)[0]["slots"][1])
		api.cancel(session)
		self.assertIn("METHOD:CANCEL", self.attachment_of(self.mails(session)[-1]))
		self.assertRaises(frappe.ValidationError, api.propose, session)

	def test_bad_moments_and_decided_fields_are_refused(self):
		session = self.paid()
		api.propose(session)
		for slot in ("tomorrow", "", "2026-11-02T03:00:00+01:00", "2020-01-01T09:00:00+01:00"):
			self.assertRaises(frappe.ValidationError, api.choose, session, slot)
		record = frappe.get_doc("Training Session", session)
		record.update({"status": "Done", "starts_at": "2026-01-01 00:00:00"})
		record.save()
		record.reload()
		self.assertEqual((record.status, record.starts_at), ("Proposed", None))

	def test_without_a_calendar_in_the_settings_nothing_is_proposed(self):
		session = self.paid()
		make_fiscal_year_of(today_in(None))
		with settings(training_calendar=None):
			self.assertRaisesRegex(frappe.ValidationError, "Training Calendar", api.propose, session)

	def text_of(self, mail: email.message.Message) -> str:
		parts = [part for part in mail.walk() if part.get_content_type() == "text/html"]
		return parts[0].get_payload(decode=True).decode()

	def attachment_of(self, mail: email.message.Message) -> str:
		(part,) = [part for part in mail.walk() if part.get_filename() == "training.ics"]
		return part.get_payload(decode=True).decode().replace("\r\n ", "")


class TestTwoAtOnce(CommittedTestCase):
	def test_of_many_who_choose_the_same_moment_at_once_one_gets_it(self):
		name_training_calendar()
		pack = make_pack("_Test Formation", kind="Training", one_off=1, minutes=60, prices={"Once": 90}).name
		sessions = [
			frappe.get_doc(
				{
					"doctype": "Training Session",
					"customer": make_customer(f"_Test Pupil {n}"),
					"pack": pack,
					"minutes": 60,
				}
			)
			.insert()
			.name
			for n in range(4)
		]
		slots = {session: api.propose(session) for session in sessions}
		moment = slots[sessions[0]][0]
		self.assertTrue(all(moment in proposed for proposed in slots.values()))
		frappe.db.commit()
		processes = Processes(4)
		for session in sessions:
			processes.start(choose_it, session, moment)
		outcomes = processes.outcomes()
		self.assertEqual(outcomes.count("booked"), 1, outcomes)
		self.assertEqual(sum("not free any more" in outcome for outcome in outcomes), 3, outcomes)
		self.assertEqual(frappe.db.count("Training Session", {"status": "Booked"}), 1)

	def test_an_invoice_settled_by_two_at_once_brings_its_sessions_once(self):
		make_fiscal_year_of(today_in(None))
		pack = make_pack(
			"_Test Formation à trois",
			kind="Training",
			one_off=1,
			needs_contract=0,
			sessions=3,
			prices={"Once": 90},
		).name
		invoice = selling.sell(pack, make_customer("_Test Pupil"), 1, "at once")
		entry = get_payment_entry("Sales Invoice", invoice)
		entry.reference_no, entry.reference_date = "_Test", today_in(None)
		entry.insert().submit()
		frappe.db.commit()
		processes = Processes(3)
		for _ in range(3):
			processes.start(settle_it, invoice)
		self.assertEqual(processes.outcomes(), ["settled"] * 3)
		self.assertEqual(frappe.db.count("Training Session", {"customer": "_Test Pupil"}), 3)


def settle_it(invoice: str) -> str:
	packs.settle_packs(invoice)
	return "settled"


def choose_it(session: str, slot: str) -> str:
	api.choose(session, slot)
	return "booked"
