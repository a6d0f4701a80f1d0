"""Are credentials on a site seen by the assignee alone, by whatever way one asks, and really gone afterwards?"""

import json
from datetime import timedelta
from unittest import mock

import frappe
from frappe.client import get_password
from frappe.desk.form.assign_to import add as assign
from frappe.utils.password import get_decrypted_password

from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.api import access_grant as api
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.jobs import access as job
from subscription_mgmt.tests.records import make_customer, make_user
from subscription_mgmt.tests.support import NOW, make_requester, make_ticket
from subscription_mgmt.tests.test_tickets import TicketTestCase

SECRET, USERNAME = "Tr3s-tristes-tigres", "soporte_temporal"


class TestAccessGrant(TicketTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.ticket = make_ticket(kind="Intervention", subject="_Test access")
		self.agent = make_user("_test_agent@example.com", "Subscription User")
		self.manager = make_user("_test_sysman@example.com", "System Manager", "Subscription Manager")
		assign({"assign_to": [self.agent], "doctype": "SLA Ticket", "name": self.ticket.name})

	def at(self, minutes: int) -> None:
		super().at(minutes)
		now = NOW + timedelta(minutes=minutes)
		for place in ("api.access_grant", "jobs.access"):
			mock.patch(f"subscription_mgmt.{place}.moment", lambda: now).start()

	def hand_in(self) -> str:
		return api.hand_in(self.ticket.name, USERNAME, SECRET, "https://cliente.example")

	def test_the_assignee_sees_them_and_each_look_is_written_down(self):
		grant = self.hand_in()
		frappe.set_user(self.agent)
		for minutes in (0, 7):
			self.at(minutes)
			self.assertEqual(api.look(grant)["secret"], SECRET)
		frappe.set_user("Administrator")
		looks = frappe.get_all("Access Grant Look", {"access_grant": grant}, ["user", "looked_at"])
		self.assertEqual({row.user for row in looks}, {self.agent})
		self.assertEqual(sorted(moment_of(row.looked_at) for row in looks), [NOW, NOW + timedelta(minutes=7)])
		(told,) = api.of_ticket(self.ticket.name)
		self.assertEqual([look["user"] for look in told["looks"]], [self.agent] * 2)
		self.assertNotIn(SECRET, json.dumps(told, default=str))

	def test_nobody_else_sees_them_by_any_way(self):
		grant = self.hand_in()
		other = make_user("_test_other_agent@example.com", "Subscription User")
		for user in (other, self.manager, "Administrator"):
			frappe.set_user(user)
			self.assertRaises(frappe.ValidationError, api.look, grant)
			self.assertNotIn(SECRET, self.everything_readable(grant), user)
		for user in (self.manager, "Administrator"):
			frappe.set_user(user)
			for field in ("secret", "username", "details"):
				self.assertRaises(frappe.PermissionError, get_password, "Access Grant", grant, field)
		frappe.set_user(self.manager)
		record = frappe.get_doc("Access Grant", grant)
		self.assertRaises(frappe.PermissionError, record.get_password, "secret")
		self.assertFalse(frappe.db.count("Access Grant Look", {"access_grant": grant}))

	def everything_readable(self, grant: str) -> str:
		"""By list, report view, form and REST."""
		listed = frappe.get_list("Access Grant", {"name": grant}, ["*"])
		record = frappe.get_doc("Access Grant", grant).as_dict()
		reported = frappe.get_list(
			"Access Grant", {"name": grant}, ["secret", "username", "details"], as_list=True
		)
		versions = frappe.get_all("Version", {"docname": grant}, pluck="data")
		return json.dumps([listed, record, reported, versions], default=str)

	def test_the_mask_does_not_tell_how_long_a_secret_is(self):
		grant = self.hand_in()
		self.assertEqual(len(frappe.db.get_value("Access Grant", grant, "secret")), 8)

	def test_a_resolution_erases_them_for_good_and_reminds_the_customer(self):
		grant = self.hand_in()
		self.assertEqual(get_decrypted_password("Access Grant", grant, "secret"), SECRET)
		buttons.resolve(self.ticket.name)
		kept = frappe.db.sql("select * from `__Auth` where doctype = 'Access Grant' and name = %s", grant)
		self.assertEqual(kept, ())
		row = frappe.db.get_value("Access Grant", grant, "*", as_dict=True)
		self.assertEqual((row.status, row.erased_for), ("Erased", "Resolved"))
		self.assertEqual([row.secret, row.username, row.details], [None, None, None])
		self.assertFalse(frappe.db.exists("Version", {"docname": grant}))
		self.assertEqual((job.remind(), job.remind()), (1, 0))
		told = frappe.get_all("Comment", {"reference_name": self.ticket.name}, pluck="content")
		self.assertEqual(sum("remove the temporary user" in text for text in told), 1, told)
		self.assertNotIn(SECRET, " ".join(told))
		frappe.set_user(self.agent)
		self.assertRaisesRegex(frappe.ValidationError, "holds no credentials", api.look, grant)
		frappe.set_user("Administrator")
		api.confirm_removal(grant)
		self.assertEqual(frappe.db.get_value("Access Grant", grant, "status"), "Removed")

	def test_their_time_runs_out_and_the_job_erases_them(self):
		grant = self.hand_in()
		self.at(71 * 60)
		self.assertEqual(job.expire(), 0)
		self.at(72 * 60)
		self.assertEqual(job.expire(), 1)
		self.assertEqual(job.expire(), 0)
		self.assertEqual(frappe.db.get_value("Access Grant", grant, "erased_for"), "Expired")
		self.assertIsNone(get_decrypted_password("Access Grant", grant, "secret", raise_exception=False))

	def test_the_customer_hands_in_his_own_and_reads_nobody_elses(self):
		user = make_user("_test_client@example.com", "Customer", user_type="Website User")
		customer = frappe.get_doc("Customer", self.ticket.customer)
		customer.append("portal_users", {"user": user})
		customer.save()
		stranger = make_ticket(customer=make_requester("_Test Stranger"), kind="Intervention")
		theirs = api.hand_in(stranger.name, "root", "other secret")
		api.request(self.ticket.name)
		frappe.set_user(user)
		grant = self.hand_in()
		self.assertEqual([row["status"] for row in api.of_ticket(self.ticket.name)], ["Handed In"])
		self.assertRaises(frappe.ValidationError, api.look, grant)
		for call in (
			lambda: api.hand_in(stranger.name, "a", "b"),
			lambda: api.of_ticket(stranger.name),
			lambda: api.erase(theirs),
			lambda: api.confirm_removal(theirs),
			lambda: api.request(self.ticket.name),
			lambda: api.hand_in("TKT-none", "a", "b"),
		):
			self.assertRaises(frappe.PermissionError, call)
		api.erase(grant)
		self.assertEqual(frappe.db.get_value("Access Grant", grant, "erased_for"), "Withdrawn")

	def test_the_customer_is_told_in_his_language(self):
		asker = make_requester("_Test Demandeur", language="fr", email_id="demandeur@example.com")
		ticket = make_ticket(customer=asker, kind="Intervention")
		api.request(ticket.name, "Database")
		api.hand_in(ticket.name, "root", SECRET, purpose="Database")
		buttons.resolve(ticket.name)
		job.remind()
		told = " ".join(frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content"))
		self.assertIn("base de données de votre système", told)
		self.assertIn("supprimer dès maintenant", told)
		queued = frappe.get_all("Email Queue", {"reference_name": ticket.name}, pluck="message")
		self.assertFalse([message for message in queued if SECRET in message])
		self.assertGreaterEqual(len(queued), 2)

	def test_a_mail_that_cannot_be_sent_keeps_no_credentials(self):
		grant = self.hand_in()
		self.at(73 * 60)
		broken = mock.patch(
			"subscription_mgmt.adapters.ticket_news.TicketNews.tell", side_effect=OSError("no mail")
		)
		with broken:
			self.assertEqual((job.expire(), job.remind()), (1, 0))
		self.assertIsNone(get_decrypted_password("Access Grant", grant, "secret", raise_exception=False))

	def test_bad_input_and_the_ledger_of_looks_are_refused(self):
		self.assertRaises(frappe.ValidationError, api.hand_in, self.ticket.name, "", "x")
		self.assertRaises(frappe.ValidationError, api.hand_in, self.ticket.name, "x", "")
		self.assertRaises(frappe.ValidationError, api.request, self.ticket.name, "Everything")
		grant = self.hand_in()
		frappe.set_user(self.agent)
		api.look(grant)
		frappe.set_user("Administrator")
		look = frappe.get_last_doc("Access Grant Look")
		self.assertRaises(frappe.PermissionError, look.delete)
		self.assertRaises(frappe.PermissionError, look.save, ignore_permissions=True)

	def test_a_foreign_customer_finds_neither_grants_nor_looks_in_lists(self):
		self.hand_in()
		user = make_user("_test_nosy@example.com", "Customer", user_type="Website User")
		customer = frappe.get_doc("Customer", make_customer("_Test Nosy"))
		customer.append("portal_users", {"user": user})
		customer.save()
		frappe.set_user(user)
		for doctype in ("Access Grant", "Access Grant Look"):
			try:
				found = frappe.get_list(doctype)
			except frappe.PermissionError:
				found = []
			self.assertEqual(found, [])
