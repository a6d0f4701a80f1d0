"""Do holidays of a country, closures and hours of a channel reach a ticket's deadline, and is a silent day found?"""

from datetime import date, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document

from subscription_mgmt.adapters.daily_answers import unanswered
from subscription_mgmt.adapters.holiday_lists import calendars_without_next_year
from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.api import calendar as api
from subscription_mgmt.api import promise as promises
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.jobs import daily_answers, holidays
from subscription_mgmt.subscription_mgmt.report.tickets_without_answer.tickets_without_answer import execute
from subscription_mgmt.tests.records import clock_at, make_customer, make_user
from subscription_mgmt.tests.support import NOW, make_calendar, make_requester, make_ticket
from subscription_mgmt.tests.test_tickets import TicketTestCase

LONDON = ZoneInfo("Europe/London")
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def make_office(name: str = "_Test London", **values: object) -> str:
	if not frappe.db.exists("Service Calendar", name):
		windows = [{"weekday": day, "start": "09:00:00", "end": "17:00:00"} for day in WEEK]
		office = {"doctype": "Service Calendar", "calendar_name": name, "time_zone": "Europe/London"}
		frappe.get_doc({**office, "windows": windows, **values}).insert()
	return name


def make_office_policy(name: str, **values: object) -> str:
	targets = [{"severity": "1", "response_minutes": 480}]
	policy = {"doctype": "SLA Policy", "policy_name": name, "targets": targets}
	frappe.get_doc({**policy, "service_calendar": make_office(), **values}).insert()
	return name


def london(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=LONDON)


class CalendarTestCase(TicketTestCase):
	def moved_to(self, moment: datetime) -> None:
		self.at(int((moment - NOW).total_seconds() // 60))
		for place in ("jobs.daily_answers", "api.promise"):
			mock.patch(f"subscription_mgmt.{place}.moment", lambda: moment).start()
		report = "subscription_mgmt.report.tickets_without_answer.tickets_without_answer"
		mock.patch(f"subscription_mgmt.{report}.moment", lambda: moment).start()

	def opened(self, moment: datetime, policy: str, **values: object) -> Document:
		self.moved_to(moment)
		return make_ticket(customer=make_requester(f"_Test of {policy}", policy), **values)


class TestHolidays(CalendarTestCase):
	def test_the_bank_holidays_of_london_come_from_erpnexts_list_and_only_once(self):
		office = make_office(holiday_country="GB", holiday_subdivision="ENG")
		with clock_at(date(2026, 3, 1)):
			self.assertRegex(api.import_holidays(office), r"^\d+ holidays")
			self.assertEqual(api.import_holidays(office), "0 holidays were added.")
		holiday_list = frappe.db.get_value("Service Calendar", office, "holiday_list")
		days = set(frappe.get_all("Holiday", {"parent": holiday_list}, pluck="holiday_date"))
		# gov.uk: Good Friday, Easter Monday, early May, spring, summer, Boxing Day (substitute)
		london_2026 = ("01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28")
		self.assertLessEqual({date.fromisoformat(f"2026-{day}") for day in london_2026}, days)
		self.assertNotIn(date(2026, 11, 30), days)  # Saint Andrew is Scotland's
		self.assertIn(date(2027, 1, 1), days)
		ticket = self.opened(london("2026-08-28 15:00"), make_office_policy("_Test Summer"))
		self.assertEqual(moment_of(ticket.respond_by), london("2026-09-01 15:00"))

	def test_next_years_holidays_come_by_themselves(self):
		office = make_office(holiday_country="GB", holiday_subdivision="ENG")
		with clock_at(date(2026, 3, 1)):
			holidays.fill()
			self.assertNotIn(office, calendars_without_next_year(date(2026, 12, 31)))
		self.assertIn(office, calendars_without_next_year(date(2027, 1, 1)))
		with clock_at(date(2027, 1, 1)):
			holidays.fill()
		holiday_list = frappe.db.get_value("Service Calendar", office, "holiday_list")
		days = frappe.get_all("Holiday", {"parent": holiday_list}, pluck="holiday_date")
		self.assertIn(date(2028, 4, 17), days)  # Easter Monday
		self.assertIn(date(2026, 4, 6), days)

	def test_what_a_person_added_to_the_list_stays(self):
		own = frappe.get_doc(
			{
				"doctype": "Holiday List",
				"holiday_list_name": "_Test Own",
				"from_date": "2026-06-01",
				"to_date": "2026-06-30",
				"holidays": [{"holiday_date": "2026-06-10", "description": "Company outing"}],
			}
		).insert()
		office = make_office(holiday_country="GB", holiday_subdivision="ENG", holiday_list=own.name)
		with clock_at(date(2026, 3, 1)):
			api.import_holidays(office)
		own.reload()
		self.assertIn(date(2026, 6, 10), [row.holiday_date for row in own.holidays])
		self.assertEqual(frappe.db.get_value("Service Calendar", office, "holiday_list"), own.name)

	def test_a_country_or_part_that_does_not_exist_is_refused(self):
		for values in (
			{"holiday_country": "XX"},
			{"holiday_country": "GB", "holiday_subdivision": "London"},
		):
			self.assertRaises(frappe.ValidationError, make_office, "_Test Nowhere", **values)
		self.assertRaises(frappe.ValidationError, api.import_holidays, make_office())
		self.assertIn("ENG", api.countries()["GB"])


class TestClosuresAndChannels(CalendarTestCase):
	def test_a_closure_and_a_half_day_move_the_deadline(self):
		closures = [
			{"first_day": "2026-11-03", "last_day": "2026-11-04", "reason": "Moving"},
			{"first_day": "2026-11-05", "whole_days": 0, "start": "13:00:00", "end": "17:00:00"},
		]
		make_office(closures=closures)
		ticket = self.opened(london("2026-11-02 09:00"), make_office_policy("_Test Moving"))
		self.assertEqual(moment_of(ticket.respond_by), london("2026-11-02 17:00"))
		self.moved_to(london("2026-11-02 16:00"))
		later = make_ticket(customer=ticket.customer)
		self.assertEqual(moment_of(later.respond_by), london("2026-11-06 12:00"))

	def test_an_afternoon_until_midnight_is_closed(self):
		make_office(
			closures=[{"first_day": "2026-11-02", "whole_days": 0, "start": "13:00:00", "end": "00:00:00"}]
		)
		ticket = self.opened(london("2026-11-02 09:00"), make_office_policy("_Test Afternoon"))
		self.assertEqual(moment_of(ticket.respond_by), london("2026-11-03 13:00"))

	def test_closures_that_make_no_sense_are_refused(self):
		for closure in (
			{"first_day": "2026-11-05", "last_day": "2026-11-03"},
			{"first_day": "2026-11-05", "whole_days": 0, "start": "17:00:00", "end": "13:00:00"},
		):
			self.assertRaises(frappe.ValidationError, make_office, "_Test Closed", closures=[closure])

	def test_the_telephone_is_answered_round_the_clock_and_the_mail_in_office_hours(self):
		channels = [{"channel": "email"}, {"channel": "phone", "service_calendar": make_calendar()}]
		policy = make_office_policy("_Test Phone", channels=channels)
		saturday = london("2026-11-07 10:00")
		called = self.opened(saturday, policy, channel="phone")
		wrote = make_ticket(customer=called.customer, channel="email")
		self.assertEqual(moment_of(called.respond_by), saturday + timedelta(hours=8))
		self.assertEqual(moment_of(wrote.respond_by), london("2026-11-09 17:00"))
		self.assertEqual(len(buttons.explain(called.name)["response"]), 1)


class TestDailyAnswers(CalendarTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.agent = make_user("_test_daily@example.com", "Subscription User")
		policy = make_office_policy("_Test Daily", daily_answer=1, escalation_user=self.agent)
		self.customer = make_requester("_Test Daily Asker", policy)
		self.moved_to(london("2026-11-02 10:00"))
		self.ticket = make_ticket(customer=self.customer, subject="_Test silent")

	def told(self) -> int:
		return frappe.db.count(
			"Notification Log", {"document_name": self.ticket.name, "for_user": self.agent}
		)

	def test_a_working_day_without_an_answer_is_told_once_and_stands_in_the_report(self):
		for moment, found in (
			("2026-11-02 23:00", 0),  # opened in the course of that day
			("2026-11-03 16:59", 0),
			("2026-11-03 17:00", 1),
			("2026-11-03 18:00", 0),
			("2026-11-04 17:00", 1),
			("2026-11-08 12:00", 1),  # Thursday and Friday, found after an outage
		):
			self.moved_to(london(moment))
			self.assertEqual(daily_answers.report(), found, moment)
		self.assertEqual(self.told(), 3)
		_, rows = execute({"customer": self.customer})
		self.assertEqual([(row["ticket"], row["count"]) for row in rows], [(self.ticket.name, 4)])
		self.assertEqual(execute({"customer": make_customer()})[1], [])

	def test_an_answer_or_waiting_for_the_customer_keeps_the_promise(self):
		self.moved_to(london("2026-11-03 11:00"))
		frappe.get_doc(
			{
				"doctype": "Communication",
				"communication_type": "Communication",
				"sent_or_received": "Sent",
				"content": "We look at it.",
				"reference_doctype": "SLA Ticket",
				"reference_name": self.ticket.name,
				"communication_date": stored(london("2026-11-03 11:00")),
			}
		).insert()
		self.moved_to(london("2026-11-03 20:00"))
		self.assertEqual(daily_answers.report(), 0)
		self.moved_to(london("2026-11-04 10:00"))
		buttons.wait(self.ticket.name)
		self.moved_to(london("2026-11-05 10:00"))
		buttons.customer_reply(self.ticket.name)
		self.moved_to(london("2026-11-05 20:00"))
		self.assertEqual(daily_answers.report(), 0)
		self.moved_to(london("2026-11-06 20:00"))
		self.assertEqual(daily_answers.report(), 1)

	def test_what_is_resolved_or_was_promised_nothing_is_not_looked_at(self):
		make_ticket(customer=make_requester("_Test Undaily", make_office_policy("_Test Undaily")))
		buttons.resolve(self.ticket.name)
		self.moved_to(london("2026-11-06 20:00"))
		self.assertEqual(daily_answers.report(), 0)

	def test_twenty_one_tickets_take_as_many_queries_as_one(self):
		for _ in range(20):
			make_ticket(customer=self.customer)
		self.moved_to(london("2026-11-03 20:00"))
		unanswered(london("2026-11-03 20:00"))  # reads what Frappe keeps of the DocTypes
		with self.assertQueryCount(8):
			self.assertEqual(len(unanswered(london("2026-11-03 20:00"))), 21)


class TestPromiseShown(CalendarTestCase):
	def test_hours_that_are_left_languages_and_the_daily_promise_are_shown(self):
		policy = make_office_policy(
			"_Test Shown", hour_cap_minutes=120, daily_answer=1, languages=[{"language": "es"}]
		)
		self.moved_to(london("2026-11-02 10:00"))
		ticket = make_ticket(customer=make_requester("_Test Shown", policy))
		buttons.work(ticket.name, 45)
		shown = promises.of_ticket(ticket.name)
		self.assertEqual(shown["hours"]["left"], 75)
		self.assertEqual(shown["hours"]["until"], date(2027, 1, 1))
		self.assertEqual((shown["languages"], shown["daily_answer"]), (["es"], True))
		self.assertIsNone(promises.of_ticket(make_ticket().name)["hours"])
