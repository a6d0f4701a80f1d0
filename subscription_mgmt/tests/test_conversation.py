"""Who reads what is said about a ticket, what does it change, and how is it timed, merged, rated?"""

import json
from datetime import timedelta
from email import message_from_string
from unittest import mock

import frappe

from subscription_mgmt.adapters.assignment import DAYS, make_example_rule
from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.adapters.ticket_files import attach
from subscription_mgmt.api import conversation as desk
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.api import timer
from subscription_mgmt.api.portal import conversation as portal
from subscription_mgmt.jobs import support as job
from subscription_mgmt.tests.mailbox import messages_on
from subscription_mgmt.tests.records import make_user
from subscription_mgmt.tests.support import NOW, make_policy, make_requester, make_ticket
from subscription_mgmt.tests.test_tickets import TicketTestCase

HOSTILE = '<p onclick="steal()">Hello</p><script>steal()</script><a href="javascript:steal()">x</a>'


class ConversationTestCase(TicketTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.ana = self.portal_user("ana@asker.example", make_requester())
		self.bob = self.portal_user("bob@other.example", make_requester("_Test Other"))

	def portal_user(self, email: str, customer: str, role: str = "Owner") -> str:
		user = make_user(email, "Customer", user_type="Website User")
		record = frappe.get_doc("Customer", customer)
		if user not in [row.user for row in record.portal_users]:
			record.append("portal_users", {"user": user, "portal_role": role})
			record.save()
		return user

	def seen_by(self, user: str, ticket: str) -> dict:
		frappe.set_user(user)
		seen = portal.conversation(ticket)
		frappe.set_user("Administrator")
		return seen

	def the(self, ticket: str) -> frappe._dict:
		return frappe.get_doc("SLA Ticket", ticket)


class TestMessages(ConversationTestCase):
	def test_our_first_public_answer_acknowledges_and_a_note_does_not(self):
		ticket = make_ticket().name
		desk.note(ticket, "Between us")
		self.assertIsNone(self.the(ticket).acknowledged_at)
		self.at(10)
		desk.reply(ticket, "We are at it.")
		found = self.the(ticket)
		self.assertEqual(moment_of(found.acknowledged_at), NOW + timedelta(minutes=10))
		self.assertEqual((found.status, found.severity_confirmed_at), ("In Progress", None))

	def test_the_response_is_given_when_the_severity_is_confirmed_too(self):
		ticket = make_ticket().name
		self.at(50)
		desk.reply(ticket, "Indeed severe.", confirms_severity=1)
		self.at(100)
		self.assertEqual(job.watch_deadlines(), 0)
		self.assertEqual(self.the(ticket).response_missed, 0)

	def test_a_mail_from_desk_s_own_composer_counts_as_an_answer(self):
		from frappe.core.doctype.communication.email import make

		ticket = make_ticket().name
		make("SLA Ticket", ticket, "We are at it.", "Re", recipients="ana@asker.example")
		self.assertEqual(self.the(ticket).status, "In Progress")

	def test_the_customer_s_message_makes_the_clock_run_and_opens_what_was_resolved(self):
		ticket = make_ticket().name
		desk.reply(ticket, "Which version?", waits=1)
		self.assertEqual(self.the(ticket).status, "Waiting")
		self.at(60)
		self.say(self.ana, ticket, "Version 15")
		self.assertEqual((self.the(ticket).status, len(self.the(ticket).pauses)), ("In Progress", 1))
		buttons.resolve(ticket)
		self.say(self.ana, ticket, "No, it does not work")
		self.assertEqual(self.the(ticket).status, "In Progress")

	def test_after_some_days_the_message_opens_a_ticket_that_follows(self):
		ticket = make_ticket(severity="3").name
		buttons.resolve(ticket)
		self.at(15 * 24 * 60)
		other = self.say(self.ana, ticket, "Again!")
		self.assertNotEqual(other, ticket)
		self.assertEqual((self.the(other).follows, self.the(ticket).status), (ticket, "Resolved"))
		self.assertEqual(len(messages_on(other)), 1)

	def test_a_customer_sees_both_sides_and_no_note(self):
		ticket = make_ticket(description="It broke").name
		desk.note(ticket, "SECRET of ours")
		self.say(self.ana, ticket, "Line one\nline two <b")
		desk.reply(ticket, "<p>Try this</p>")
		seen = self.seen_by(self.ana, ticket)
		self.assertEqual([message["by"] for message in seen["messages"]], ["customer", "us"])
		self.assertIn("Line one<br>line two &lt;b", seen["messages"][0]["message"])
		self.assertEqual(seen["description"], "It broke")
		self.assertNotIn("SECRET", json.dumps(seen, default=str))

	def test_script_is_taken_out_on_every_way(self):
		ticket = make_ticket().name
		self.say(self.ana, ticket, HOSTILE)
		desk.reply(ticket, HOSTILE)
		desk.note(ticket, HOSTILE)
		notes = frappe.get_all(
			"Comment", {"reference_name": ticket, "comment_type": "Comment"}, pluck="content"
		)
		for text in [row.content for row in messages_on(ticket)] + notes:
			self.assertIn("Hello", text)
			for hostile in ("<script", "onclick", "javascript:"):
				self.assertNotIn(hostile, text)

	def test_an_empty_message_is_refused(self):
		ticket = make_ticket().name
		for empty in ("", "  ", "<p><br></p>"):
			self.assertRaises(frappe.ValidationError, desk.reply, ticket, empty)
			self.assertRaises(frappe.ValidationError, desk.note, ticket, empty)

	def test_a_file_is_private_and_read_by_its_customer_and_by_us_only(self):
		ticket, agent = make_ticket().name, make_user("agent@vendor.example", "Subscription User")
		self.say(self.ana, ticket, "See the file")
		(message,) = messages_on(ticket)
		attach(frappe.get_doc("Communication", message.name), "page.html", b"<script>steal()</script>")
		(file,) = self.seen_by(self.ana, ticket)["messages"][0]["files"]
		self.assertEqual(file["file_name"], "page.html")
		frappe.set_user(self.ana)
		portal.file(ticket, file["name"])
		self.assertEqual(
			(frappe.response.type, frappe.response.filecontent), ("download", "<script>steal()</script>")
		)
		frappe.set_user(self.bob)
		self.assertRaises(frappe.PermissionError, portal.file, ticket, file["name"])
		self.assertFalse(frappe.get_doc("File", file["name"]).is_downloadable())
		frappe.set_user(agent)
		on_ticket = frappe.get_doc("File", {"attached_to_doctype": "SLA Ticket", "attached_to_name": ticket})
		self.assertTrue(on_ticket.is_downloadable())
		self.assertEqual(on_ticket.is_private, 1)

	def test_an_answer_takes_files_along_that_its_writer_may_read_and_no_others(self):
		ticket = make_ticket().name
		kept = {
			"doctype": "File",
			"is_private": 1,
			"attached_to_doctype": "SLA Ticket",
			"attached_to_name": ticket,
		}
		ours = frappe.get_doc({**kept, "file_name": "how.txt", "content": "how to"}).insert()
		secret = {**kept, "attached_to_doctype": "Company", "attached_to_name": "Wind Power LLC"}
		other = frappe.get_doc({**secret, "file_name": "pay.txt", "content": "salaries"}).insert()
		frappe.set_user(make_user("agent@vendor.example", "Subscription User"))
		self.assertRaises(frappe.PermissionError, desk.reply, ticket, "See", [other.name])
		desk.reply(ticket, "See", [ours.name])
		frappe.set_user("Administrator")
		(file,) = self.seen_by(self.ana, ticket)["messages"][0]["files"]
		frappe.set_user(self.ana)
		portal.file(ticket, file["name"])
		self.assertEqual(frappe.response.filecontent, "how to")

	def test_a_file_that_we_keep_on_the_ticket_is_not_the_customer_s(self):
		ticket = make_ticket().name
		place = {"attached_to_doctype": "SLA Ticket", "attached_to_name": ticket, "is_private": 1}
		ours = frappe.get_doc(
			{"doctype": "File", "file_name": "x.txt", "content": "internal", **place}
		).insert()
		frappe.set_user(self.ana)
		self.assertRaises(frappe.DoesNotExistError, portal.file, ticket, ours.name)
		self.assertFalse(ours.is_downloadable())

	def test_a_customer_reaches_no_ticket_of_another_and_a_viewer_says_nothing(self):
		ticket = make_ticket().name
		viewer = self.portal_user("viewer@asker.example", make_requester(), "Viewer")
		frappe.set_user(self.bob)
		for call in (
			lambda: portal.conversation(ticket),
			lambda: portal.say(ticket, "Hello"),
			lambda: portal.rate(ticket, 5),
			lambda: desk.reply(ticket, "Hello"),
			lambda: desk.note(ticket, "Hello"),
			lambda: desk.merge(ticket, ticket),
			lambda: timer.start(ticket),
			lambda: buttons.countdowns_of(ticket),
		):
			self.assertRaises(frappe.PermissionError, call)
		frappe.set_user(viewer)
		self.assertEqual(portal.conversation(ticket)["name"], ticket)
		self.assertRaises(frappe.PermissionError, portal.say, ticket, "Hello")
		self.assertRaises(frappe.PermissionError, portal.open_ticket, None, "Hello", subject="x")

	def test_the_portal_lists_and_opens_tickets(self):
		frappe.set_user(self.ana)
		name = portal.open_ticket(
			None, "It broke", subject="Broken", severity="1", status="Resolved", charged=9
		)
		self.assertEqual([row["name"] for row in portal.tickets()], [name])
		frappe.set_user("Administrator")
		found = self.the(name)
		self.assertEqual((found.channel, found.status, found.charged), ("portal", "Open", 0))
		self.assertEqual(self.seen_by(self.ana, name)["messages"][0]["message"], "It broke")

	def say(self, user: str, ticket: str, message: str) -> str:
		frappe.set_user(user)
		told = portal.say(ticket, message)
		frappe.set_user("Administrator")
		return told


class TestRest(ConversationTestCase):
	"""As a browser asks, with the rights that a portal user has by Frappe itself."""

	def test_no_list_and_no_record_shows_a_note_to_a_customer(self):
		ticket = make_ticket().name
		note = desk.note(ticket, "SECRET of ours")
		answer = desk.reply(ticket, "ANSWER to another")["message"]
		for user in (self.ana, self.bob):
			frappe.set_user(user)
			for doctype, name in (("SLA Ticket", ticket), ("Comment", note), ("Communication", answer)):
				with self.subTest(user=user, doctype=doctype):
					self.assertFalse(frappe.has_permission(doctype, "read", frappe.get_doc(doctype, name)))
					self.assertNotIn(name, self.listed(doctype))

	def test_a_customer_takes_nothing_back_that_he_has_said_or_sent(self):
		ticket = make_ticket().name
		frappe.set_user(self.ana)
		portal.say(ticket, "See the file")
		message = frappe.get_doc("Communication", {"reference_name": ticket})
		attach(message, "said.txt", b"said")
		files = frappe.get_all("File", {"file_name": ["like", "said%"]}, pluck="name")
		self.assertEqual(len(files), 2)
		for record in (message, *(frappe.get_doc("File", name) for name in files)):
			record.reload()
			self.assertRaises(frappe.PermissionError, record.delete)

	def listed(self, doctype: str) -> list[str]:
		try:
			return frappe.get_list(doctype, pluck="name", limit=0)
		except frappe.PermissionError:
			return []


class TestHandling(ConversationTestCase):
	def test_a_duplicate_is_closed_without_charge_and_read_on_the_main_ticket(self):
		main, duplicate = make_ticket().name, make_ticket(subject="Twice", description="Asked twice").name
		desk.reply(duplicate, "An answer")
		desk.note(duplicate, "A note")
		buttons.work(duplicate, 20)
		desk.merge(duplicate, main)
		closed = self.the(duplicate)
		self.assertEqual((closed.status, closed.merged_into, closed.charged), ("Closed", main, 0))
		said = [message["message"] for message in self.seen_by(self.ana, main)["messages"]]
		self.assertEqual(len(said), 2)
		self.assertIn("Asked twice", said[0])
		self.assertIn("An answer", said[1])
		notes = frappe.get_all(
			"Comment", {"reference_name": main, "comment_type": "Comment"}, pluck="content"
		)
		self.assertEqual(len(notes), 1)
		self.assertRaises(frappe.ValidationError, desk.merge, duplicate, main)

	def test_tickets_of_two_customers_are_not_merged(self):
		other = make_ticket(customer=make_requester("_Test Other")).name
		mine = make_ticket().name
		for one, into in ((mine, other), (other, mine), (mine, mine)):
			self.assertRaises(frappe.ValidationError, desk.merge, one, into)
		self.assertEqual(self.the(mine).status, "Open")

	def test_reopening_wants_a_reason(self):
		ticket = make_ticket().name
		self.assertRaises(frappe.ValidationError, desk.reopen, ticket, "not resolved yet")
		buttons.resolve(ticket)
		self.assertRaises(frappe.ValidationError, desk.reopen, ticket, " ")
		desk.reopen(ticket, "fails again")
		self.assertEqual(self.the(ticket).status, "In Progress")
		told = frappe.get_all("Comment", {"reference_name": ticket}, pluck="content")
		self.assertTrue(any("fails again" in text for text in told))

	def test_a_timer_survives_and_there_is_one_of_each_agent(self):
		ticket, other = make_ticket().name, make_ticket().name
		timer.start(ticket)
		self.assertRaises(frappe.ValidationError, timer.start, other)
		self.at(10)
		running = timer.running()
		self.assertEqual(
			(running["ticket"], running["seconds"], running["is_forgotten"]), (ticket, 600, False)
		)
		frappe.set_user(make_user("agent@vendor.example", "Subscription User"))
		self.assertIsNone(timer.running())
		timer.start(ticket)
		frappe.set_user("Administrator")
		self.at(10.5)
		self.assertIn("11", timer.stop())
		self.assertEqual([row.minutes for row in self.the(ticket).work], [11])
		self.assertIsNone(timer.running())
		self.assertRaises(frappe.ValidationError, timer.stop)

	def test_a_forgotten_timer_asks(self):
		ticket = make_ticket().name
		timer.start(ticket)
		self.at(24 * 60)
		self.assertTrue(timer.running()["is_forgotten"])
		for wrong in (None, -5, 24 * 60 + 1):
			self.assertRaises(frappe.ValidationError, timer.stop, wrong)
		timer.stop(30)
		self.assertEqual(self.the(ticket).minutes, 30)
		timer.start(ticket)
		timer.stop(0)
		self.assertEqual(self.the(ticket).minutes, 30)

	def test_a_ticket_is_not_resolved_while_the_timer_of_whoever_does_it_runs(self):
		ticket, main = make_ticket().name, make_ticket().name
		timer.start(ticket)
		self.assertRaises(frappe.ValidationError, buttons.resolve, ticket)
		self.assertRaises(frappe.ValidationError, desk.merge, ticket, main)
		timer.stop()
		buttons.resolve(ticket)
		self.assertEqual(self.the(ticket).status, "Resolved")

	def test_no_timer_starts_on_a_resolved_ticket(self):
		ticket = make_ticket().name
		buttons.resolve(ticket)
		self.assertRaises(frappe.ValidationError, timer.start, ticket)

	def test_the_form_counts_down_working_time(self):
		ticket = make_ticket().name
		self.at(15)
		told = buttons.countdowns_of(ticket)["countdowns"]
		self.assertEqual(
			[(row["target"], row["seconds"]) for row in told], [("response", 2700), ("resolution", 13500)]
		)
		buttons.wait(ticket)
		self.at(100)
		told = buttons.countdowns_of(ticket)["countdowns"]
		self.assertEqual([(row["seconds"], row["runs"]) for row in told], [(2700, False), (13500, False)])

	def test_the_customer_rates_and_we_answer(self):
		ticket = make_ticket().name
		frappe.set_user(self.ana)
		self.assertRaises(frappe.ValidationError, portal.rate, ticket, 5)
		frappe.set_user("Administrator")
		self.assertRaises(frappe.ValidationError, desk.answer_rating, ticket, "Thanks")
		buttons.resolve(ticket)
		frappe.set_user(self.ana)
		for wrong in (0, 6, -1):
			self.assertRaises(frappe.ValidationError, portal.rate, ticket, wrong)
		portal.rate(ticket, 4, "Quick <script>x</script>")
		portal.rate(ticket, 5, "Very quick")
		frappe.set_user("Administrator")
		desk.answer_rating(ticket, "Thank you")
		seen = self.seen_by(self.ana, ticket)
		said = (seen["rating"], seen["rating_comment"], seen["rating_answer"])
		self.assertEqual(said, (5, "Very quick", "Thank you"))
		self.at(8 * 24 * 60)
		frappe.set_user(self.ana)
		self.assertRaises(frappe.ValidationError, portal.rate, ticket, 1)


class TestAlarms(ConversationTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.boss = make_user("boss@vendor.example", "Subscription Manager")
		self.agent = make_user("agent@vendor.example", "Subscription User")
		policy = make_policy("_Test Watched", warn_share=75, escalation_user=self.boss)
		self.customer = make_requester("_Test Watched", policy)

	def test_whose_ticket_it_is_is_warned_once_and_what_is_missed_is_escalated_once(self):
		from frappe.desk.form.assign_to import add

		ticket = make_ticket(customer=self.customer).name
		add({"doctype": "SLA Ticket", "name": ticket, "assign_to": [self.agent]})
		frappe.db.delete("Notification Log")
		self.at(44)
		self.assertEqual(job.watch_deadlines(), 0)
		self.at(46)
		self.assertEqual((job.watch_deadlines(), job.watch_deadlines()), (1, 0))
		self.assertEqual(self.told(), [(self.agent, ticket)])
		self.at(61)
		self.assertEqual((job.watch_deadlines(), job.watch_deadlines()), (1, 0))
		self.assertEqual(sorted(self.told())[1:], [(self.agent, ticket), (self.boss, ticket)])

	def test_nobody_s_ticket_is_told_to_those_above_and_one_that_is_answered_to_nobody(self):
		first, second = make_ticket(customer=self.customer).name, make_ticket(customer=self.customer).name
		buttons.acknowledge(second)
		frappe.db.delete("Notification Log")
		self.at(46)
		job.watch_deadlines()
		self.assertEqual(self.told(), [(self.boss, first)])

	def test_a_role_is_everybody_who_has_it_and_is_enabled(self):
		gone = make_user("gone@vendor.example", "Subscription Manager")
		frappe.db.set_value("User", gone, "enabled", 0)
		policy = make_policy("_Test By Role", escalation_role="Subscription Manager")
		ticket = make_ticket(customer=make_requester("_Test By Role", policy)).name
		frappe.db.delete("Notification Log")
		self.at(61)
		job.watch_deadlines()
		told = self.told()
		self.assertIn((self.boss, ticket), told)
		self.assertNotIn((gone, ticket), told)

	def test_many_are_told_in_few_queries_also_when_nothing_of_ours_is_cached(self):
		for n in range(30):
			make_ticket(customer=self.customer, subject=f"_Test {n}")
		self.at(46)
		frappe.clear_cache()
		# Frappe's own: its settings, its translations and what it must know of their tables.
		frappe.utils.format_datetime(frappe.utils.now_datetime())
		frappe._("Open", lang="en")
		with self.assertQueryCount(8):
			self.assertEqual(job.watch_deadlines(), 30)
		self.at(61)
		with self.assertQueryCount(10):
			self.assertEqual(job.watch_deadlines(), 30)

	def test_one_mail_tells_a_person_of_all_the_deadlines_of_a_look(self):
		with mock.patch("subscription_mgmt.adapters.escalations.mail_goes_out", lambda: True):
			job.mail_alarms(self.boss, ["TKT-1: The response is due <b>now</b>."], 3)
		(mail,) = frappe.get_all("Email Queue", {}, ["name", "message"])
		self.assertEqual(
			frappe.get_all("Email Queue Recipient", {"parent": mail.name}, pluck="recipient"), [self.boss]
		)
		self.assertIn("TKT-1: The response is due", mail.message)
		self.assertIn("2 more.", mail.message)
		self.assertIn("due &lt;b&gt;now", html_of(mail.message))
		self.assertIn("Auto-Submitted: auto-replied", mail.message)

	def test_the_example_rule_is_made_once_switched_off_and_left_as_it_was_changed(self):
		make_example_rule()
		rule = frappe.get_doc("Assignment Rule", "Support Tickets")
		self.assertEqual((rule.disabled, rule.document_type), (1, "SLA Ticket"))
		rule.update({"rule": "Round Robin", "disabled": 0})
		rule.save()
		self.addCleanup(frappe.cache.delete_value, "assignment_rule_map")
		make_example_rule()
		rule.reload()
		self.assertEqual((rule.rule, rule.disabled), ("Round Robin", 0))

	def test_a_ticket_is_assigned_by_rule_and_its_task_ends_with_it(self):
		rule = {
			"doctype": "Assignment Rule",
			"name": "_Test Tickets",
			"document_type": "SLA Ticket",
			"rule": "Round Robin",
			"description": "{{ subject }}",
			"assign_condition": 'status == "Open"',
			"close_condition": 'status in ("Resolved", "Closed")',
			"users": [{"user": self.agent}],
			"assignment_days": [{"day": day} for day in DAYS],
		}
		frappe.get_doc(rule).insert()
		self.addCleanup(frappe.cache.delete_value, "assignment_rule_map")
		ticket = make_ticket(customer=self.customer).name
		self.assertEqual(self.tasks(ticket), [(self.agent, "Open")])
		buttons.resolve(ticket)
		self.assertEqual(self.tasks(ticket), [(self.agent, "Closed")])

	def tasks(self, ticket: str) -> list[tuple]:
		rows = frappe.get_all("ToDo", {"reference_name": ticket}, ["allocated_to", "status"])
		return [(row.allocated_to, row.status) for row in rows]

	def told(self) -> list[tuple[str, str]]:
		rows = frappe.get_all("Notification Log", {}, ["for_user", "document_name"], order_by="creation")
		return [(row.for_user, row.document_name) for row in rows]


def html_of(message: str) -> str:
	parts = message_from_string(message).walk()
	return "".join(
		part.get_payload(decode=True).decode() for part in parts if part.get_content_type() == "text/html"
	)
