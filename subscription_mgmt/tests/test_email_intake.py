"""What becomes of a mail to the support address: a ticket, a reply on one, or nothing?"""

from datetime import timedelta
from email import message_from_string
from unittest import mock

import frappe
from frappe.desk.form.assign_to import add

from subscription_mgmt.adapters.conversation_records import public_messages
from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.api import conversation as desk
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.tests.mailbox import ADDRESS, a_mail, deliver, messages_on, tickets
from subscription_mgmt.tests.records import make_contract, make_plan, make_user
from subscription_mgmt.tests.support import NOW, make_policy, make_requester, make_ticket
from subscription_mgmt.tests.test_tickets import TicketTestCase

ANA, BOB, STRANGER = "ana@asker.example", "bob@other.example", "who@knows.example"
LOGGED = {"method": "Too many support mails"}


class MailTestCase(TicketTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.forget_counts()
		self.addCleanup(self.forget_counts)
		targets = [{"severity": "3", "response_minutes": 60, "resolution_minutes": 240}]
		policy = make_policy("_Test By Mail", targets=targets)
		self.ana = make_requester("_Test Asker", policy, email_id=ANA)
		self.bob = make_requester("_Test Other", policy, email_id=BOB)
		# The customer's own address is fetched from its contact.
		frappe.db.set_value("Customer", self.ana, {"email_id": ANA, "language": "es"})
		frappe.db.set_value("Customer", self.bob, "email_id", BOB)
		frappe.clear_document_cache("Customer", self.ana)

	def forget_counts(self) -> None:
		frappe.cache.delete_keys("subscription_mgmt:mails-of")

	def limit(self, **limits: int) -> None:
		settings = frappe.get_doc("Subscription Mgmt Settings")
		settings.update(limits)
		settings.flags.ignore_mandatory = True
		settings.save()

	def the_ticket(self) -> frappe._dict:
		found = tickets()
		self.assertEqual(len(found), 1, found)
		return found[0]


class TestNewMail(MailTestCase):
	def test_a_mail_of_a_customer_becomes_a_ticket_with_number_deadline_and_acknowledgement(self):
		deliver(a_mail(f"Ana <{ANA}>", "Printing fails"))
		ticket = self.the_ticket()
		self.assertEqual((ticket.customer, ticket.raised_by, ticket.channel), (self.ana, ANA, "email"))
		self.assertEqual((ticket.subject, ticket.status, ticket.route), ("Printing fails", "Open", "sla"))
		record = frappe.get_doc("SLA Ticket", ticket.name)
		self.assertEqual(moment_of(record.respond_by), NOW + timedelta(minutes=60))
		self.assertIsNone(record.acknowledged_at)
		self.assertEqual([row.sender for row in messages_on(ticket.name)], [ANA])
		self.assertIn("Please help.", messages_on(ticket.name)[0].content)
		(mail,) = self.mails_about(ticket.name)
		self.assertEqual(mail.recipients, [ANA])
		self.assertIn("Hemos recibido su solicitud", mail.text)
		self.assertIn(ticket.name, mail.text)
		self.assertIn("Auto-Submitted: auto-replied", mail.text)

	def test_it_is_the_only_contract_that_promises_support_that_is_asked_about(self):
		plan = make_plan("_Test Supported", sla_policy=make_policy("_Test By Contract"))
		contract = make_contract(customer=self.ana, plan=plan.name)
		contract.db_set("status", "Active")
		deliver(a_mail(ANA))
		record = frappe.get_doc("SLA Ticket", self.the_ticket().name)
		self.assertEqual((record.contract, record.sla_policy), (contract.name, "_Test By Contract"))

	def test_a_portal_user_and_a_contact_are_known_and_one_of_two_customers_is_not_guessed(self):
		frappe.get_doc(
			{
				"doctype": "Contact",
				"first_name": "Carl",
				"email_ids": [{"email_id": "carl@asker.example", "is_primary": 1}],
				"links": [{"link_doctype": "Customer", "link_name": self.ana}],
			}
		).insert()
		user = make_user("dora@asker.example", "Customer", user_type="Website User")
		self.add_portal_user(self.bob, user, "Technical")
		deliver(a_mail("carl@asker.example"), a_mail(user))
		self.assertEqual([ticket.customer for ticket in tickets()], [self.ana, self.bob])
		self.add_portal_user(self.ana, user, "Owner")
		deliver(a_mail(user, "A third"))
		self.assertFalse(tickets()[-1].customer)

	def test_an_unknown_sender_gets_a_ticket_of_the_community_until_somebody_says_whose_it_is(self):
		deliver(a_mail(STRANGER))
		ticket = self.the_ticket()
		self.assertEqual((ticket.customer, ticket.route, ticket.status), (None, "community", "Open"))
		(mail,) = self.mails_about(ticket.name)
		self.assertEqual(mail.recipients, [STRANGER])
		self.at(30)
		desk.identify(ticket.name, self.ana)
		record = frappe.get_doc("SLA Ticket", ticket.name)
		self.assertEqual((record.customer, record.route), (self.ana, "sla"))
		self.assertEqual(moment_of(record.respond_by), NOW + timedelta(minutes=60))
		self.assertRaises(frappe.ValidationError, desk.identify, ticket.name, self.bob)
		record.subject = "Can be edited still"
		record.save()

	def test_a_mail_that_the_policy_does_not_accept_is_kept_with_the_reason(self):
		customer = make_requester("_Test Phone", make_policy("_Test Phone", channels=[{"channel": "phone"}]))
		frappe.db.set_value("Customer", customer, "email_id", "phone@asker.example")
		deliver(a_mail("phone@asker.example"))
		ticket = self.the_ticket()
		self.assertEqual((ticket.customer, ticket.route, ticket.status), (customer, "community", "Open"))
		told = frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content")
		self.assertTrue(any("does not include email" in text for text in told), told)

	def test_script_is_taken_out_and_files_are_private_and_on_the_ticket(self):
		html = '<p onclick="x()">Hello</p><script>alert(1)</script><img src=x onerror="alert(2)">'
		deliver(a_mail(ANA, html=html, files={"sent_by_mail.txt": b"sent by mail"}))
		(message,) = messages_on(self.the_ticket().name)
		self.assertIn("Hello", message.content)
		for hostile in ("<script", "onclick", "onerror"):
			self.assertNotIn(hostile, message.content)
		files = frappe.get_all(
			"File",
			{"file_name": ["like", "sent_by_mail%"]},
			["is_private", "attached_to_doctype"],
			order_by="creation",
		)
		self.assertEqual(
			[(f.is_private, f.attached_to_doctype) for f in files], [(1, "Communication"), (1, "SLA Ticket")]
		)

	def test_a_picture_in_a_mail_is_shown_by_the_way_the_customer_may_take(self):
		mail = a_mail(ANA, html='<p>Look: <img src="cid:shot"></p>')
		picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40
		mail.get_payload()[1].add_related(picture, "image", "png", cid="<shot>", filename="shot.png")
		deliver(mail)
		(said,) = public_messages(self.the_ticket().name)
		(file,) = said["files"]
		self.assertNotIn("/private/files", said["message"])
		self.assertIn(
			f"conversation.file?ticket={self.the_ticket().name}&amp;file={file['name']}", said["message"]
		)

	def test_the_same_mail_delivered_twice_is_one_ticket(self):
		mail = a_mail(ANA)
		deliver(mail)
		deliver(mail)
		self.assertEqual(len(messages_on(self.the_ticket().name)), 1)

	def test_two_mails_with_one_subject_are_two_tickets(self):
		deliver(a_mail(ANA, "Help"), a_mail(ANA, "Help"))
		self.assertEqual(len(tickets()), 2)

	def mails_about(self, ticket: str) -> list[frappe._dict]:
		names = frappe.get_all("Email Queue", {"reference_name": ticket}, pluck="name", order_by="creation")
		return [
			frappe._dict(
				recipients=frappe.get_all("Email Queue Recipient", {"parent": name}, pluck="recipient"),
				text=plain(frappe.db.get_value("Email Queue", name, "message")),
			)
			for name in names
		]

	def add_portal_user(self, customer: str, user: str, role: str) -> None:
		record = frappe.get_doc("Customer", customer)
		record.append("portal_users", {"user": user, "portal_role": role})
		record.save()


class TestReplies(MailTestCase):
	def test_a_reply_to_our_answer_goes_on_the_ticket_and_its_clock_runs_again(self):
		deliver(a_mail(ANA))
		ticket = self.the_ticket().name
		desk.reply(ticket, "<p>Which printer?</p>", waits=1)
		ours = messages_on(ticket, sent_or_received="Sent")[0].name
		self.assertEqual(frappe.db.get_value("SLA Ticket", ticket, "status"), "Waiting")
		self.at(30)
		sent = frappe.db.get_value("Communication", ours, "message_id")
		deliver(a_mail(ANA, "Re: another subject", "The red one.", In_Reply_To=f"<{sent}>"))
		record = frappe.get_doc("SLA Ticket", self.the_ticket().name)
		self.assertEqual((record.status, len(record.pauses)), ("In Progress", 1))
		self.assertEqual(messages_on(ticket)[-1].in_reply_to, ours)

	def test_a_reply_to_the_automatic_note_goes_on_the_ticket(self):
		deliver(a_mail(ANA))
		ticket = self.the_ticket().name
		sent = frappe.db.get_value("Email Queue", {"reference_name": ticket}, "message_id")
		deliver(a_mail(ANA, "Re: whatever", "More of it.", In_Reply_To=f"<{sent}>"))
		self.assertEqual(len(messages_on(self.the_ticket().name)), 2)

	def test_the_number_in_the_subject_is_enough_in_brackets_or_as_frappe_writes_it(self):
		ticket = make_ticket(customer=self.ana, severity="3").name
		deliver(a_mail(ANA, f"AW: [{ticket}] Help"), a_mail(ANA, f"Re: Help (#{ticket})"))
		self.assertEqual(len(messages_on(self.the_ticket().name)), 2)

	def test_a_foreign_sender_reaches_no_ticket_of_others_by_number_or_thread(self):
		ticket = make_ticket(customer=self.ana, severity="3").name
		desk.reply(ticket, "A secret of Ana's")
		ours = messages_on(ticket)[0]
		thread = f"<{frappe.db.get_value('Communication', ours.name, 'message_id')}>"
		before = frappe.db.get_value("SLA Ticket", ticket, ["status", "modified"])
		for sender in (BOB, STRANGER):
			deliver(a_mail(sender, f"Re: [{ticket}] (#{ticket})", In_Reply_To=thread))
		self.assertEqual(len(messages_on(ticket)), 1)
		self.assertEqual(frappe.db.get_value("SLA Ticket", ticket, ["status", "modified"]), before)
		others = [found for found in tickets() if found.name != ticket]
		self.assertEqual(
			[(found.customer, found.follows) for found in others], [(self.bob, None), (None, None)]
		)
		for other in others:
			self.assertEqual([row.in_reply_to for row in messages_on(other.name)], [None])
			queued = frappe.get_all("Email Queue", {"reference_name": other.name}, pluck="message")
			self.assertTrue(queued)
			self.assertFalse([text for text in queued if "secret" in plain(text)])

	def test_a_colleague_who_answers_by_mail_leaves_a_note_to_ourselves(self):
		ticket = make_ticket(customer=self.ana, severity="3").name
		user = make_user("agent@vendor.example", "Subscription User")
		deliver(a_mail(user, f"Re: [{ticket}]", "Looks like the toner."))
		self.assertEqual(messages_on(ticket), [])
		notes = frappe.get_all(
			"Comment", {"reference_name": ticket, "comment_type": "Comment"}, pluck="content"
		)
		self.assertTrue(any("toner" in note for note in notes), notes)
		self.assertEqual(len(tickets()), 1)

	def test_a_resolved_ticket_is_opened_again_for_some_days_then_a_new_one_follows_it(self):
		ticket = make_ticket(customer=self.ana, severity="3").name
		buttons.resolve(ticket)
		self.at(13 * 24 * 60)
		deliver(a_mail(ANA, f"Re: [{ticket}]"))
		self.assertEqual(self.the_ticket().status, "In Progress")
		buttons.resolve(ticket)
		self.at(28 * 24 * 60)
		deliver(a_mail(ANA, f"Re: [{ticket}]"))
		first, second = tickets()
		self.assertEqual((first.status, second.follows, second.status), ("Resolved", ticket, "Open"))

	def test_what_answers_a_duplicate_goes_on_the_main_ticket(self):
		main = make_ticket(customer=self.ana, severity="3").name
		duplicate = make_ticket(customer=self.ana, severity="3").name
		desk.merge(duplicate, main)
		deliver(a_mail(ANA, f"Re: [{duplicate}]"))
		self.assertEqual(len(messages_on(main)), 1)
		self.assertEqual(len(tickets()), 2)


class TestOurMail(MailTestCase):
	def test_our_answer_goes_out_from_the_support_address_and_its_answer_comes_back(self):
		deliver(a_mail(f"Ana <{ANA}>", "Printing fails"))
		ticket = self.the_ticket().name
		agent = make_user("agent@vendor.example", "Subscription User")
		frappe.set_user(agent)
		with mock.patch("subscription_mgmt.adapters.conversation_records.mail_goes_out", lambda: True):
			sent = desk.reply(ticket, "<p>Which printer?</p>")
		frappe.set_user("Administrator")
		self.assertTrue(sent["mailed"])
		name = frappe.db.get_value("Email Queue", {"communication": sent["message"]})
		self.assertEqual(frappe.get_all("Email Queue Recipient", {"parent": name}, pluck="recipient"), [ANA])
		mail = message_from_string(frappe.db.get_value("Email Queue", name, "message"))
		self.assertIn(ADDRESS, mail["Reply-To"])
		self.assertIn(f"[{ticket}]", mail["Subject"])
		self.assertIsNone(mail["Auto-Submitted"])
		deliver(a_mail(ANA, "Re", "The red one.", In_Reply_To=mail["Message-Id"]))
		self.assertEqual(len(messages_on(self.the_ticket().name)), 3)

	def test_whoever_has_the_ticket_is_told_in_desk_and_what_the_sender_is_called_does_no_harm(self):
		ticket = make_ticket(customer=self.ana, severity="3").name
		agent = make_user("agent@vendor.example", "Subscription User")
		add({"doctype": "SLA Ticket", "name": ticket, "assign_to": [agent]})
		frappe.db.delete("Notification Log")
		deliver(a_mail(f'"<img src=x onerror=y>" <{ANA}>', f"Re: [{ticket}]"))
		(told,) = frappe.get_all("Notification Log", {}, ["for_user", "subject"])
		self.assertEqual(told.for_user, agent)
		self.assertIn(ticket, told.subject)
		self.assertNotIn("<img", told.subject)


class TestMachinesAndBombs(MailTestCase):
	def test_absence_notes_lists_and_bounces_open_nothing_and_wake_nobody(self):
		for headers in (
			{"Auto_Submitted": "auto-replied"},
			{"Precedence": "bulk"},
			{"X_Autoreply": "yes"},
		):
			deliver(a_mail(ANA, **headers))
		deliver(a_mail("MAILER-DAEMON@mx.example", "Undelivered"), a_mail(STRANGER, List_Id="<news.example>"))
		self.assertEqual((tickets(), frappe.db.count("Email Queue")), ([], 0))

	def test_a_customer_who_writes_by_a_list_is_heard(self):
		deliver(a_mail(ANA, List_Id="<team.asker.example>", Precedence="list"))
		self.assertEqual(self.the_ticket().customer, self.ana)

	def test_a_bounce_of_our_mail_is_seen_by_us_on_the_ticket_and_by_nobody_else(self):
		deliver(a_mail(ANA))
		ticket = self.the_ticket().name
		sent = frappe.db.get_value("Email Queue", {"reference_name": ticket}, "message_id")
		deliver(a_mail("MAILER-DAEMON@mx.example", "Undelivered", In_Reply_To=f"<{sent}>"))
		kinds = [row.communication_type for row in messages_on(self.the_ticket().name)]
		self.assertEqual(kinds, ["Communication", "Automated Message"])
		self.assertEqual(len(public_messages(ticket)), 1)

	def test_an_absence_note_on_a_ticket_is_kept_without_effect(self):
		ticket = make_ticket(customer=self.ana, severity="3").name
		buttons.wait(ticket)
		deliver(a_mail(ANA, f"Absent: [{ticket}]", Auto_Submitted="auto-replied; owner-email=x"))
		self.assertEqual(self.the_ticket().status, "Waiting")
		self.assertEqual([row.communication_type for row in messages_on(ticket)], ["Automated Message"])

	def test_a_person_s_mail_may_say_that_it_is_not_automatic(self):
		deliver(a_mail(ANA, Auto_Submitted="no"))
		self.the_ticket()

	def test_a_sender_is_stopped_at_the_limit_and_others_are_not(self):
		frappe.db.delete("Error Log", LOGGED)  # no transaction takes those of other tests back
		self.limit(mails_per_sender=3, mails_of_strangers=100)
		self.addCleanup(frappe.db.delete, "Error Log", LOGGED)
		deliver(*[a_mail(ANA, f"Bomb {n}") for n in range(8)])
		self.assertEqual(len(tickets()), 3)
		deliver(a_mail(BOB))
		self.assertEqual(len(tickets()), 4)
		self.assertEqual(frappe.db.count("Error Log", LOGGED), 1)

	def test_strangers_share_a_limit_that_leaves_customers_alone(self):
		self.addCleanup(frappe.db.delete, "Error Log", LOGGED)
		self.limit(mails_per_sender=10, mails_of_strangers=2)
		deliver(*[a_mail(f"bot{n}@knows.example") for n in range(5)])
		self.assertEqual(len(tickets()), 2)
		deliver(a_mail(ANA))
		self.assertEqual(len(tickets()), 3)

	def test_two_machines_that_answer_each_other_stop_at_once(self):
		deliver(a_mail(STRANGER))
		ticket = self.the_ticket().name
		ours = frappe.get_all("Email Queue", {"reference_name": ticket}, ["message", "message_id"])
		self.assertIn("X-Auto-Response-Suppress: All", ours[0].message)
		thread = f"<{ours[0].message_id}>"
		deliver(a_mail(STRANGER, "Auto: Re", In_Reply_To=thread, Auto_Submitted="auto-replied"))
		self.assertEqual(frappe.db.count("Email Queue", {"reference_name": ticket}), 1)

	def test_accounts_for_other_records_are_left_to_frappe(self):
		from frappe.email.receive import InboundMail

		from subscription_mgmt.events.email_account import SupportEmailAccount, SupportMail

		account = frappe.get_doc({"doctype": "Email Account", "append_to": "Issue", "use_imap": 0})
		self.assertIsInstance(account, SupportEmailAccount)
		mail = InboundMail(a_mail(ANA).as_bytes(), account)
		self.assertNotIsInstance(account._taken(mail), SupportMail)
		account.append_to = "SLA Ticket"
		self.assertIsInstance(account._taken(mail), SupportMail)


def plain(message: str) -> str:
	"""The text of a queued mail, whose lines are wrapped and encoded."""
	mail = message_from_string(message)
	parts = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
	headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
	return headers + "".join(part.get_payload(decode=True).decode() for part in parts)
