"""Do tickets on a site get their route and deadlines, and is what was missed found?"""

from datetime import timedelta
from unittest import mock

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.moments import moment_of, stored
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.jobs import support as job
from subscription_mgmt.permissions import is_own_record
from subscription_mgmt.tests.records import make_contract, make_customer, make_user, roll_back
from subscription_mgmt.tests.support import NOW, make_policy, make_requester, make_ticket


class TicketTestCase(FrappeTestCase):
	def setUp(self) -> None:
		self.at(0)

	def tearDown(self) -> None:
		mock.patch.stopall()
		frappe.set_user("Administrator")
		roll_back()

	def at(self, minutes: int) -> None:
		"""The app's clock stands `minutes` after NOW."""
		mock.patch.stopall()
		now = NOW + timedelta(minutes=minutes)
		for place in (
			"api.ticket",
			"api.conversation",
			"api.portal.conversation",
			"api.timer",
			"events.communication",
			"events.email_account",
			"jobs.support",
			"subscription_mgmt.doctype.sla_ticket.sla_ticket",
		):
			mock.patch(f"subscription_mgmt.{place}.moment", lambda: now).start()
		# The sweep commits, which a test takes back.
		mock.patch("frappe.db.commit").start()


class TestTickets(TicketTestCase):
	def test_a_ticket_gets_a_number_a_route_and_deadlines(self):
		ticket = make_ticket()
		self.assertTrue(ticket.name.startswith("TKT-"))
		self.assertEqual((ticket.status, ticket.route, ticket.sla_policy), ("Open", "sla", "_Test Gold"))
		self.assertEqual(moment_of(ticket.respond_by), NOW + timedelta(minutes=60))
		self.assertEqual(moment_of(ticket.resolve_by), NOW + timedelta(minutes=240))
		self.assertEqual(ticket.next_deadline, ticket.respond_by)

	def test_what_the_services_decide_cannot_be_given_or_edited(self):
		ticket = make_ticket(status="Resolved", charged=500, respond_by="2030-01-01 00:00:00")
		self.assertEqual((ticket.status, ticket.charged), ("Open", 0))
		ticket.update({"severity": "4", "status": "Resolved", "resolve_by": "2030-01-01 00:00:00"})
		ticket.save()
		ticket.reload()
		self.assertEqual((ticket.severity, ticket.status), ("1", "Open"))
		self.assertEqual(moment_of(ticket.resolve_by), NOW + timedelta(minutes=240))

	def test_a_whole_story_by_the_buttons(self):
		ticket = make_ticket()
		self.at(30)
		buttons.acknowledge(ticket.name)
		buttons.wait(ticket.name)
		ticket.reload()
		self.assertEqual((ticket.status, ticket.next_deadline), ("Waiting", None))
		self.at(90)
		buttons.customer_reply(ticket.name)
		ticket.reload()
		self.assertEqual(moment_of(ticket.resolve_by), NOW + timedelta(minutes=300))
		self.assertEqual(len(ticket.pauses), 1)
		buttons.work(ticket.name, 20)
		buttons.set_severity(ticket.name, 2, "works again")
		buttons.resolve(ticket.name)
		ticket.reload()
		self.assertEqual((ticket.status, ticket.severity, ticket.minutes), ("Resolved", "2", 20))
		self.assertEqual([(row.minutes, row.user) for row in ticket.work], [(20, "Administrator")])
		self.assertRaises(frappe.ValidationError, buttons.work, ticket.name, 5)

	def test_deadlines_are_explained(self):
		ticket = make_ticket()
		self.at(30)
		buttons.wait(ticket.name)
		self.at(90)
		buttons.customer_reply(ticket.name)
		told = buttons.explain(ticket.name)["response"]
		self.assertEqual([row["counts"] for row in told], [True, False, True])
		self.assertEqual(told[-1]["end"], stored(NOW + timedelta(minutes=120)))

	def test_refusals_leave_no_ticket(self):
		for values in ({"production": 0}, {"third_party": 1}, {"contract": make_contract().name}):
			with self.assertRaises(frappe.ValidationError):
				make_ticket(**values)
			roll_back()
			self.assertEqual(frappe.db.count("SLA Ticket"), 0)

	def test_negative_minutes_and_unknown_severities_are_refused(self):
		ticket = make_ticket()
		for minutes in (0, -5):
			self.assertRaises(frappe.ValidationError, buttons.work, ticket.name, minutes)
		self.assertRaises(frappe.ValidationError, buttons.set_severity, ticket.name, 7, "because")
		self.assertRaises(frappe.ValidationError, buttons.set_severity, ticket.name, 2, " ")

	def test_script_in_a_description_is_taken_out(self):
		ticket = make_ticket(description='<p onclick="x()">Help</p><script>alert(1)</script>')
		self.assertNotIn("<script", ticket.description)
		self.assertNotIn("onclick", ticket.description)

	def test_the_sweep_finds_each_missed_deadline_once_and_in_few_queries(self):
		for n in range(30):
			make_ticket(subject=f"_Test {n}")
		self.at(59)
		self.assertEqual(job.watch_deadlines(), 0)
		self.at(61)
		with self.assertQueryCount(8):
			self.assertEqual(job.watch_deadlines(), 30)
		self.assertEqual(job.watch_deadlines(), 0)
		self.at(241)
		self.assertEqual(job.watch_deadlines(), 30)
		self.assertEqual(frappe.db.count("SLA Ticket", {"next_deadline": ["is", "set"]}), 0)
		ticket = frappe.get_last_doc("SLA Ticket")
		self.assertEqual((ticket.response_missed, ticket.resolution_missed), (1, 1))
		told = frappe.get_all(
			"Comment", {"reference_name": ticket.name, "comment_type": "Info"}, pluck="content"
		)
		self.assertEqual(len([text for text in told if "missed" in text]), 2)

	def test_a_paused_or_answered_ticket_misses_nothing(self):
		waiting, answered = make_ticket(), make_ticket()
		buttons.wait(waiting.name)
		buttons.acknowledge(answered.name)
		self.at(100)
		self.assertEqual(job.watch_deadlines(), 0)

	def test_the_hours_of_the_year_run_out(self):
		customer = make_requester("_Test Capped", make_policy("_Test Capped", hour_cap_minutes=60))
		ticket = make_ticket(customer=customer)
		buttons.work(ticket.name, 60)
		buttons.work(ticket.name, 10)
		ticket.reload()
		self.assertEqual((ticket.status, ticket.route, ticket.minutes), ("Closed", "declined", 60))
		self.assertEqual(make_ticket(customer=customer).route, "declined")

	def test_a_customer_sees_no_ticket_of_another(self):
		user = make_user("asker@example.com", "Customer", user_type="Website User")
		mine = make_requester()
		record = frappe.get_doc("Customer", mine)
		record.append("portal_users", {"user": user})
		record.save()
		other = make_ticket(customer=make_requester("_Test Other"))
		own = make_ticket(customer=mine)
		frappe.set_user(user)
		self.assertFalse(frappe.has_permission("SLA Ticket", "read", other.name))
		self.assertTrue(is_own_record(own))
		self.assertFalse(is_own_record(other))
		self.assertRaises(frappe.PermissionError, buttons.resolve, other.name)

	def test_who_has_no_policy_asks_the_community(self):
		ticket = make_ticket(customer=make_customer("_Test Nobody"), severity="3")
		self.assertEqual((ticket.route, ticket.respond_by), ("community", None))
