"""Can people still log in, look at everything, print and export on a site that is read only? Tried on a real one."""

import base64
import json
import shutil
from unittest import skipUnless

from subscription_mgmt.tests.guarded import CLERK, ORDER, PAGE, REASON, SECRET, GuardTestCase


class TestReading(GuardTestCase):
	mode = "Read Only"

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.assert_unchanged)

	# What works

	def test_people_log_in_and_their_session_ends_when_they_log_out(self) -> None:
		for user in (CLERK, "Administrator"):
			session = self.tenant.login(user)
			sid = session.cookies["sid"]
			self.assertEqual(self.method(session, "frappe.auth.get_logged_user").json()["message"], user)
			self.assertEqual(self.method(session, "logout").status_code, 200)
			again = self.tenant.visitor()
			again.cookies["sid"] = sid
			self.assertEqual(self.method(again, "frappe.auth.get_logged_user").status_code, 403)
			self.assertFalse(self.tenant.rows("select sid from tabSessions where sid = %s", sid))

	def test_who_came_and_who_failed_to_is_on_record(self) -> None:
		self.tenant.login(CLERK)
		wrong = self.method(self.tenant.visitor(), "login", usr=CLERK, pwd="wrong")
		self.assertEqual(wrong.status_code, 401)
		kinds = {
			status
			for (status,) in self.tenant.rows("select status from `tabActivity Log` where user = %s", CLERK)
		}
		self.assertEqual(kinds, {"Success", "Failed"})
		self.assertTrue(
			self.tenant.rows("select 1 from tabUser where name = %s and last_login is not null", CLERK)
		)

	def test_a_session_from_before_goes_on(self) -> None:
		session = self.tenant.visitor()
		session.cookies["sid"] = self.known["sid"]
		who = self.method(session, "frappe.auth.get_logged_user")
		self.assertEqual(who.json()["message"], "Administrator")

	def test_everything_can_be_looked_at_printed_and_exported(self) -> None:
		session = self.tenant.login(CLERK)
		of_todo = {"doctype": "ToDo", "name": self.known["todo"]}
		html_of_todo = {"doc": "ToDo", "name": self.known["todo"]}
		fields = json.dumps(["`tabToDo`.`name`", "`tabToDo`.`description`"])
		exported = {"doctype": "ToDo", "fields": fields, "filters": "[]", "title": "ToDo"}
		report = {"report_name": self.known["report"], "filters": "{}"}
		for verb, path, data in (
			("GET", f"/api/resource/ToDo/{self.known['todo']}", {}),
			("GET", '/api/resource/ToDo?fields=["description"]', {}),
			("GET", f"/api/v2/document/{ORDER}/{self.known['submitted']}", {}),
			("POST", "/api/method/frappe.client.get", of_todo),
			("POST", "/api/method/frappe.client.get_list", {"doctype": "ToDo", "fields": '["description"]'}),
			("GET", "/api/method/frappe.desk.form.load.getdoc", {"doctype": ORDER, "name": self.known["draft"]}),
			("POST", "/api/method/frappe.desk.reportview.get", {"doctype": "ToDo", "fields": fields}),
			("POST", "/api/method/frappe.desk.query_report.run", report),
			("GET", "/api/method/frappe.desk.query_report.run", report),
			("GET", "/printview", of_todo),
			("POST", "/api/method/frappe.www.printview.get_html_and_style", html_of_todo),
			("POST", "/api/method/frappe.desk.reportview.export_query", {**exported, "file_format_type": "CSV"}),
			("GET", self.known["private"], {}),
			("GET", "/guarded", {}),
		):  # fmt: skip
			with self.subTest(f"{verb} {path}"):
				given = {"params": data} if verb == "GET" else {"data": data}
				answer = self.fetch(session, verb, path, **given)
				self.assertEqual(answer.status_code, 200, answer.text[:600])
				self.assertIn(SECRET, answer.text)

	@skipUnless(shutil.which("wkhtmltopdf"), "this machine prints no PDF: wkhtmltopdf is missing")
	def test_it_prints_pdf(self) -> None:
		session = self.tenant.login(CLERK)
		path = "/api/method/frappe.utils.print_format.download_pdf"
		pdf = self.fetch(
			session, "GET", path, params={"doctype": "ToDo", "name": self.known["todo"], "no_letterhead": 1}
		)
		self.assertEqual((pdf.status_code, pdf.content[:5]), (200, b"%PDF-"), pdf.text[-600:])

	def test_it_exports_excel(self) -> None:
		session = self.tenant.login(CLERK)
		fields = json.dumps(["`tabToDo`.`name`", "`tabToDo`.`description`"])
		excel = self.method(
			session,
			"frappe.desk.reportview.export_query",
			doctype="ToDo",
			fields=fields,
			filters="[]",
			title="ToDo",
			file_format_type="Excel",
		)
		self.assertEqual((excel.status_code, excel.content[:2]), (200, b"PK"), excel.text[:600])

	def test_programs_read_with_their_keys(self) -> None:
		basic = base64.b64encode(self.known["token"].encode()).decode()
		for authorization in (f"token {self.known['token']}", f"Basic {basic}"):
			answer = self.fetch(
				self.tenant.visitor(),
				"GET",
				f"/api/resource/ToDo/{self.known['todo']}",
				headers={"Authorization": authorization},
			)
			self.assertEqual(answer.json()["data"]["description"], SECRET)

	def test_desk_opens_and_says_why_nothing_can_be_changed(self) -> None:
		session = self.tenant.login(CLERK)
		for _ in range(2):  # with and without what is kept in the cache
			page = self.fetch(session, "GET", "/app", headers=PAGE)
			self.assertEqual(page.status_code, 200)
			boot = page.text
			self.assertIn('"subscription_access"', boot)
			self.assertIn(REASON, boot)
			self.assertIn('"read_only": true', boot.replace('"read_only":true', '"read_only": true'))
			self.assertIn("subscription_tenant/js/read_only.js", boot)
		token = page.text.partition('csrf_token = "')[2].partition('"')[0]
		stolen = self.method(session, "frappe.client.get", doctype="ToDo", name=self.known["todo"])
		self.assertEqual(stolen.json()["exc_type"], "CSRFTokenError")
		own = self.method(
			session,
			"frappe.client.get",
			headers={"X-Frappe-CSRF-Token": token},
			doctype="ToDo",
			name=self.known["todo"],
		)
		self.assertEqual(own.json()["message"]["description"], SECRET)

	def test_visitors_of_the_website_read_nothing_of_maintenance(self) -> None:
		page = self.fetch(self.tenant.login(CLERK), "GET", "/guarded", headers=PAGE)
		self.assertIn(SECRET, page.text)
		self.assertNotIn("Read Only Mode", page.text)

	def test_lists_forms_and_notifications_of_desk_load(self) -> None:
		session = self.tenant.login("Administrator")
		for name, arguments in (
			("frappe.desk.desktop.get_workspace_sidebar_items", {}),
			("frappe.desk.form.load.getdoctype", {"doctype": ORDER}),
			("frappe.desk.form.load.getdoc", {"doctype": ORDER, "name": self.known["submitted"]}),
			("frappe.desk.search.search_link", {"doctype": "User", "txt": "cl"}),
			("frappe.desk.reportview.get_count", {"doctype": "ToDo", "fields": '["`tabToDo`.`name`"]'}),
			("frappe.desk.notifications.get_open_count", {"doctype": "User", "name": CLERK}),
			("frappe.desk.doctype.notification_log.notification_log.get_notification_logs", {}),
			("frappe.model.utils.user_settings.save", {"doctype": "ToDo", "user_settings": "{}"}),
			("frappe.utils.global_search.search", {"text": "guard"}),
			("frappe.core.doctype.access_log.access_log.make_access_log", {"doctype": "ToDo"}),
		):
			with self.subTest(name):
				answer = self.method(session, name, **arguments)
				self.assertEqual(answer.status_code, 200, answer.text[:600])
