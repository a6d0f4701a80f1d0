"""Does a restricted site lead to payment by every way in, and serve nothing else? Tried on a real one, over HTTP."""

import base64
from collections.abc import Iterator

from subscription_mgmt.adapters.http_probe import Target, ask_all
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.probing import is_reached
from subscription_mgmt.tests.guarded import CLERK, JSON, PAGE, PAY_AT, REASON, SECRET, GuardTestCase
from subscription_mgmt.tests.tenant import PASSWORD


class TestRestricted(GuardTestCase):
	mode = "Restricted"

	def ways_in(self) -> Iterator[tuple[str, str, dict]]:
		"""Verb, path and the rest of a request; every one of them gave data, a page or a session before."""
		sid = {"Cookie": f"sid={self.known['sid']}"}
		token = {"Authorization": f"token {self.known['token']}"}
		basic = {"Authorization": "Basic " + base64.b64encode(self.known["token"].encode()).decode()}
		login = {"usr": "Administrator", "pwd": PASSWORD}
		broken = {"Content-Type": "application/json"}
		print_of = f"doctype=ToDo&name={self.known['todo']}"
		yield from (
			("GET", "/", {}),
			("GET", "/guarded", {}),  # in the cache of pages
			("GET", "/login", {}),
			("GET", "/app", {"headers": sid}),
			("GET", "/app/todo", {"headers": sid}),
			("GET", f"/?sid={self.known['sid']}", {}),
			("GET", "/sitemap.xml", {}),
			("GET", "/robots.txt", {}),
			("GET", "/desk", {"headers": sid}),
			("GET", f"/printview?{print_of}", {"headers": sid}),
			("GET", self.known["private"], {"headers": sid}),
			("GET", self.known["public"], {}),
			("GET", "/backups/database.sql.gz", {"headers": sid}),
			("POST", "/api/method/login", {"data": login, "headers": JSON}),
			("POST", "/api/method/login", {"data": {**login, "pwd": "wrong"}, "headers": JSON}),
			("POST", "/api/method/login", {"data": {"usr": "nobody@guard.example", "pwd": "x"}}),
			("POST", "/", {"data": {"cmd": "login", **login}}),
			("POST", "/", {"data": {"cmd": "frappe.client.get_list", "doctype": "ToDo"}, "headers": sid}),
			("GET", "/api/resource/ToDo", {"headers": {**JSON, **sid}}),
			("GET", f"/api/resource/ToDo/{self.known['todo']}", {"headers": {**JSON, **token}}),
			("GET", f"/api/resource/ToDo/{self.known['todo']}", {"headers": {**JSON, **basic}}),
			("GET", "/api/resource/ToDo", {"headers": {**JSON, "Authorization": "Bearer nonsense"}}),
			("GET", "/api/v1/resource/ToDo", {"headers": {**JSON, **sid}}),
			("GET", "/api/v2/document/ToDo", {"headers": {**JSON, **token}}),
			("PUT", f"/api/resource/ToDo/{self.known['todo']}", {"json": {"status": "Closed"}, "headers": token}),
			("DELETE", f"/api/resource/ToDo/{self.known['todo']}", {"headers": token}),
			("PATCH", "/anything", {}),
			("OPTIONS", "/api/resource/ToDo", {}),
			("POST", "/api/method/frappe.client.get", {"json": {"doctype": "ToDo", "name": self.known["todo"]}}),
			("POST", "/api/method/frappe.client.get", {"data": "{broken", "headers": broken}),
			("GET", f"/api/method/frappe.utils.print_format.download_pdf?{print_of}", {"headers": sid}),
			("GET", "/api/method/frappe.realtime.get_user_info", {"headers": sid}),
			("GET", "/api/method/frappe.realtime.has_permission?doctype=ToDo", {"headers": sid}),
			("GET", "/api/method/ping", {}),
			("GET", "/api/method/logout", {"headers": sid}),
			("GET", "/api/method/frappe.www.login.login_via_token?login_token=x", {}),
			("POST", "/api/method/frappe.core.doctype.user.user.reset_password", {"data": {"user": CLERK}}),
			("GET", "/api/method/frappe.integrations.oauth2.authorize?client_id=x", {}),
			("POST", "/api/method/upload_file", {"files": {"file": ("x.txt", b"x")}, "headers": token}),
		)  # fmt: skip

	def test_every_way_in_ends_at_the_page_and_serves_no_data(self) -> None:
		for verb, path, options in self.ways_in():
			with self.subTest(f"{verb} {path} {options.get('headers', '')}"):
				answer = self.fetch(self.tenant.visitor(), verb, path, **options)
				self.assertEqual(answer.status_code, 402)
				self.assertIn(REASON, answer.text)
				self.assertNotIn(SECRET, answer.text)
				self.assertNotIn("Set-Cookie", answer.headers)
				self.assertEqual(answer.headers["Cache-Control"], "no-store")

	def test_a_person_is_led_to_payment_by_a_page_without_anything_from_elsewhere(self) -> None:
		answer = self.fetch(self.tenant.visitor(), "GET", "/app", headers=PAGE)
		self.assertIn('href="https://pay.vendor.example/SINV-0042?a=1&amp;b=2"', answer.text)
		self.assertIn("text/html", answer.headers["Content-Type"])
		self.assertNotIn("/assets/", answer.text)
		self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
		self.assertEqual(self.fetch(self.tenant.visitor(), "HEAD", "/app").status_code, 402)

	def test_the_page_speaks_the_browsers_language(self) -> None:
		for language, title in (
			("es-BO,es;q=0.9", "Este sistema está en pausa"),
			("fr", "Ce système est en pause"),
			("de,en;q=0.5", "This system is paused"),
		):
			answer = self.fetch(self.tenant.visitor(language), "GET", "/", headers=PAGE)
			self.assertIn(f"<h1>{title}</h1>", answer.text)
			self.assertIn(f'<html lang="{language[:2].replace("de", "en")}">', answer.text)

	def test_a_program_gets_an_object(self) -> None:
		answer = self.fetch(self.tenant.visitor(), "GET", "/api/resource/ToDo", headers=JSON)
		self.assertEqual(answer.json()["exc_type"], "SubscriptionRestricted")
		self.assertEqual(answer.json()["pay_at"], PAY_AT)

	def test_no_session_begins_and_one_from_before_lives_on_afterwards(self) -> None:
		sessions = self.tenant.rows("select sid from tabSessions order by sid")
		for _verb, path, options in self.ways_in():
			if "login" in path:
				self.fetch(self.tenant.visitor(), "POST", path, **options)
		self.assertEqual(self.tenant.rows("select sid from tabSessions order by sid"), sessions)
		self.tenant.set_access("Full")
		try:
			session = self.tenant.visitor()
			session.cookies["sid"] = self.known["sid"]
			who = self.method(session, "frappe.auth.get_logged_user")
			self.assertEqual(who.json()["message"], "Administrator")
		finally:
			self.tenant.set_access("Restricted", reason=REASON, pay_at=PAY_AT)

	def test_the_vendor_can_still_back_up_and_measure(self) -> None:
		self.assert_unchanged()
		self.assertEqual(self.tenant.bench("backup", "--with-files").returncode, 0)
		readings = self.tenant.told("subscription-usage", "--since", "2026-01-01")["readings"]
		self.assertGreater(next(each["value"] for each in readings if each["metric"] == "storage"), 0)

	def test_the_web_server_is_told_about_public_files(self) -> None:
		mark = self.tenant.path / "public" / ".subscription_restricted"
		self.assertTrue(mark.exists())
		self.tenant.set_access("Read Only")
		self.assertFalse(mark.exists())
		self.tenant.set_access("Restricted", reason=REASON, pay_at=PAY_AT)
		self.assertTrue(mark.exists())

	def test_a_key_that_cannot_be_read_closes_the_site(self) -> None:
		config = self.tenant.config
		try:
			self.tenant.configure(subscription_access="Read Onli")
			self.assertEqual(self.fetch(self.tenant.visitor(), "GET", "/guarded").status_code, 402)
		finally:
			self.tenant.configure(**config)

	def test_the_probe_takes_the_page_for_a_system_that_is_there_unless_it_should_be_open(self) -> None:
		ping = Target(self.tenant.site, f"{self.tenant.address}/api/method/ping", self.tenant.site)
		answer = ask_all([ping], private_allowed=True)[self.tenant.site]
		self.assertEqual(answer.status, 402)
		self.assertTrue(is_reached(answer, Mode.RESTRICTED))
		self.assertFalse(is_reached(answer, Mode.FULL))
