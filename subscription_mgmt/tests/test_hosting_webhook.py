"""Is a system that is no bench run by signed requests, however badly the other side and the network behave?"""

import io
import json
import time
from datetime import datetime, timedelta, timezone
from unittest import mock

import frappe
from frappe.utils import add_to_date, now_datetime, set_request
from frappe.utils.background_jobs import get_queue

from subscription_mgmt.adapters import operation_queue, webhook_provider
from subscription_mgmt.adapters.callbacks import WINDOW, is_genuine
from subscription_mgmt.adapters.operation_records import order
from subscription_mgmt.adapters.providers import provider_of
from subscription_mgmt.adapters.site_hosting import want
from subscription_mgmt.adapters.webhook_provider import signature
from subscription_mgmt.api import hosting as hosting_api
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import Kind
from subscription_mgmt.engine.systems import Access, BackupFile
from subscription_mgmt.jobs import hosting as job
from subscription_mgmt.tests.hosting import HostingTestCase, make_instance, make_server
from subscription_mgmt.tests.processes import together
from subscription_mgmt.tests.records import make_user
from subscription_mgmt.tests.test_parallel import work_off
from subscription_mgmt.tests.webhook_server import (
	SECRET,
	OtherSoftware,
	carries_out_and_hangs_up,
	is_silent,
	says,
	says_half,
)

SYSTEM = "dolibarr.example"
SERVER = "_Test Webhook"


class TestWebhook(HostingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.other = OtherSoftware()
		self.addCleanup(self.other.stop)
		values = {"webhook_url": self.other.url, "webhook_secret": SECRET, "allow_http": 1}
		make_server(SERVER, provider="Webhook", **values)
		make_instance(SYSTEM, SERVER)
		frappe.db.commit()

	def wanted(self, mode: Mode) -> str:
		want(SYSTEM, mode)
		name = order(SYSTEM, Kind.SET_ACCESS, mode)
		frappe.db.commit()
		return name

	def again(self, name: str):
		"""The next try, without waiting for its time."""
		frappe.db.set_value("Hosting Operation", name, "due_at", now_datetime())
		frappe.db.commit()
		job.work(name)
		return self.operation(name)

	def test_every_verb_is_answered(self):
		provider, system = provider_of(SYSTEM)
		provider.provision(system)
		provider.set_access(system, Access(Mode.READ_ONLY, "why", "https://pay.example"))
		self.assertIs(provider.access(system), Mode.READ_ONLY)
		self.assertEqual(provider.version(system), "Dolibarr 20.0")
		self.assertEqual(provider.fingerprint(system).rows, {"llx_facture": 3})
		since = datetime(2026, 2, 1, tzinfo=timezone.utc)
		self.assertEqual(provider.measure(system, since)[0].subjects, ("ana",))
		files = provider.back_up(system, "one")
		self.assertEqual(files, [BackupFile("database", "/dump", 100_000)])
		with provider.read(system, "/dump") as stream:
			content = stream.read()
		provider.write(system, "/copy", io.BytesIO(content))
		self.assertEqual(self.other.files["/copy"], b"x" * 100_000)
		provider.restore(system, files)
		provider.ping()
		self.assertEqual(len(self.other.requests), 11)

	def test_an_order_that_was_carried_out_but_not_answered_is_not_carried_out_twice(self):
		self.other.next = [carries_out_and_hangs_up]
		name = self.wanted(Mode.RESTRICTED)
		job.work(name)
		first = self.operation(name)
		self.assertEqual((first.status, self.other.mode), ("Queued", "Restricted"))
		self.assertGreater(first.due_at, now_datetime())
		self.assertEqual(self.again(name).status, "Done")
		self.assertEqual(self.other.carried_out, 1)
		asked = [each["idempotency_key"] for each in self.other.requests if each["verb"] == "set_access"]
		self.assertEqual((len(asked), len(set(asked))), (2, 1))

	def test_whoever_ordered_it_the_worker_may_do_it(self):
		name = self.wanted(Mode.RESTRICTED)
		frappe.set_user("Guest")
		job.work(name)
		self.assertEqual(self.operation(name).status, "Done", self.problems())

	def test_the_same_mode_ordered_later_is_another_order(self):
		for mode in (Mode.RESTRICTED, Mode.FULL, Mode.RESTRICTED):
			self.assertEqual(self.again(self.wanted(mode)).status, "Done")
			self.assertEqual(self.other.mode, mode.value)
		self.assertEqual(self.other.carried_out, 3)

	def test_an_error_of_the_other_side_is_tried_again_and_then_done(self):
		self.other.next = [says(500, b"<html>boom</html>"), says(503), says(429), says_half]
		name = self.wanted(Mode.RESTRICTED)
		for tries in (1, 2, 3, 4):
			operation = self.again(name)
			self.assertEqual((operation.status, operation.tries), ("Queued", tries))
			said = ("HTTP 500", "HTTP 503", "HTTP 429", "IncompleteRead")[tries - 1]
			self.assertIn(said, operation.problem)
		operation = self.again(name)
		self.assertEqual((operation.status, operation.tries, operation.problem), ("Done", 5, None))
		self.assertIn("HTTP 200", operation.output)
		self.assertTrue(frappe.db.get_value("Hosting Server", SERVER, "last_seen"))

	def test_silence_ends(self):
		self.other.next = [is_silent(5)]
		name = self.wanted(Mode.RESTRICTED)
		began = time.monotonic()
		with mock.patch.object(webhook_provider, "TIMEOUT", 0.5):
			job.work(name)
		self.assertLess(time.monotonic() - began, 4)
		self.assertIn("timed out", self.operation(name).problem)
		self.assertEqual(self.again(name).status, "Done")

	def test_a_refusal_is_not_tried_again_and_a_redirect_is_one(self):
		for answer in (says(422, b"no such system"), says(302, Location="http://127.0.0.1:1/elsewhere")):
			self.other.next = [answer]
			operation = self.again(self.wanted(Mode.RESTRICTED))
			self.assertEqual((operation.status, operation.tries), ("Failed", 1))
			self.assertEqual(len(self.other.requests), 1)
			self.other.requests.clear()
			self.wanted(Mode.FULL)

	def test_a_mode_that_the_other_side_only_says_it_set_is_not_in_force(self):
		self.other.next = [says(200, b"{}")]
		name = self.wanted(Mode.RESTRICTED)
		job.work(name)
		self.assertEqual(self.operation(name).status, "Queued")
		self.assertEqual(frappe.db.get_value("Hosted Instance", SYSTEM, "actual_mode"), "Full")

	def test_what_is_accepted_is_asked_for_again_when_it_says_so(self):
		self.other.next = [says(202, b"{}", Retry_After="120")]
		name = self.wanted(Mode.RESTRICTED)
		job.work(name)
		waiting = self.operation(name)
		self.assertEqual(waiting.status, "Waiting")
		self.assertEqual(waiting.tries, 0, "to wait is not to fail")
		self.assertAlmostEqual((waiting.due_at - now_datetime()).total_seconds(), 120, delta=10)
		frappe.db.commit()
		self.assertEqual(self.call_back(), {"asked_again": 1})
		frappe.db.commit()
		self.assertLessEqual(self.operation(name).due_at, now_datetime())
		self.assertEqual(self.again(name).status, "Done")

	def test_a_call_back_is_taken_once_in_time_and_with_the_right_secret_only(self):
		stamp, body = str(int(time.time())), b'{"system": "dolibarr.example"}'
		signed = signature(SECRET, stamp, body)
		self.assertFalse(is_genuine(SERVER, stamp, signature("another", stamp, body), body))
		self.assertFalse(is_genuine(SERVER, stamp, signed, body + b" "))
		self.assertFalse(is_genuine("nobody", stamp, signed, body))
		self.assertFalse(is_genuine("nobody", stamp, signature("", stamp, body), body))
		old = str(int(time.time()) - WINDOW - 1)
		self.assertFalse(is_genuine(SERVER, old, signature(SECRET, old, body), body))
		self.assertTrue(is_genuine(SERVER, stamp, signed, body))
		self.assertFalse(is_genuine(SERVER, stamp, signed, body), "a replay")

	def call_back(self) -> dict:
		"""Through the endpoint, as in a request."""
		body = json.dumps({"system": SYSTEM, "nonce": frappe.generate_hash()}).encode()
		stamp = str(int(time.time()))
		signed = {"Server": SERVER, "Timestamp": stamp, "Signature": signature(SECRET, stamp, body)}
		headers = {f"X-Subscription-{name}": value for name, value in signed.items()}
		set_request(method="POST", path="/", data=body, headers=headers)
		frappe.local.request_ip = "127.0.0.1"
		self.addCleanup(setattr, frappe.local, "request", None)
		return hosting_api.call_back()

	def test_it_goes_through_the_queue_and_what_was_lost_there_is_taken_up_within_a_minute(self):
		# A queue of its own: workers of the bench leave it alone.
		with (
			mock.patch("frappe.utils.background_jobs.get_bench_id", return_value="subscription-mgmt-hosting"),
			mock.patch.object(operation_queue, "frappe", frappe),
		):
			queue = get_queue("short")
			self.addCleanup(queue.delete, delete_jobs=True)
			queue.empty()
			name = self.wanted(Mode.RESTRICTED)
			self.assertEqual(queue.count, 1)
			queue.empty()  # Redis was restarted
			job.drive()
			job.drive()
			self.assertEqual(queue.count, 1, "woken once")
			self.assertEqual(together(1, work_off, "short"), ["True"])
		self.assertEqual((self.operation(name).status, self.other.mode), ("Done", "Restricted"))

	def test_an_update_is_ordered_for_a_window_that_the_customer_is_told_of(self):
		at = add_to_date(now_datetime(), hours=3)
		name = hosting_api.update(SYSTEM, str(at), 30)
		window = frappe.get_last_doc("Outage", {"hosted_instance": SYSTEM})
		self.assertEqual((window.planned, window.ended_at - window.started_at), (1, timedelta(minutes=30)))
		self.assertEqual(self.operation_now(name).due_at, window.started_at)
		frappe.db.commit()
		self.work_off()
		self.assertEqual(self.other.requests, [])
		with self.assertRaises(frappe.ValidationError):
			hosting_api.update(SYSTEM, str(add_to_date(now_datetime(), hours=-1)), 30)

	def operation_now(self, name: str):
		return frappe.get_doc("Hosting Operation", name)

	def test_whether_the_other_side_answers_stands_on_the_server(self):
		hosting_api.test_connection(SERVER)
		self.assertIsNotNone(frappe.db.get_value("Hosting Server", SERVER, "last_seen"))
		self.other.stop()
		hosting_api.test_connection(SERVER)
		problem = frappe.db.get_value("Hosting Server", SERVER, "last_problem")
		self.assertIn("Connection refused", problem)

	def test_only_managers_order_anything(self):
		name = self.wanted(Mode.RESTRICTED)
		frappe.set_user(make_user("_test_clerk@example.com", "Subscription User"))
		calls = (
			lambda: hosting_api.try_again(name),
			lambda: hosting_api.call_off(name),
			lambda: hosting_api.look(SYSTEM),
			lambda: hosting_api.provision(SYSTEM),
			lambda: hosting_api.update(SYSTEM),
			lambda: hosting_api.test_connection(SERVER),
			lambda: frappe.get_doc("Hosting Operation", name).save(),
			lambda: frappe.get_doc("Hosting Server", SERVER).save(),
		)
		for call in calls:
			# Frappe's `only_for` lets everybody through in tests.
			with (
				mock.patch.dict(frappe.local.flags, in_test=False),
				self.assertRaises(frappe.PermissionError),
			):
				call()

	def test_plain_http_and_short_secrets_are_refused(self):
		for values in (
			{"webhook_url": "http://example.com/x", "allow_http": 1},
			{"webhook_url": self.other.url, "allow_http": 0},
			{"webhook_url": "file:///etc/passwd"},
			{"webhook_url": "https://user:word@example.com/"},
			{"webhook_url": "https://example.com/", "webhook_secret": "short"},
		):
			server = frappe.get_doc("Hosting Server", SERVER)
			with self.subTest(values), self.assertRaises(frappe.ValidationError):
				server.update(values).save()

	def test_a_wrong_secret_is_a_refusal_in_words(self):
		server = frappe.get_doc("Hosting Server", SERVER)
		server.update({"webhook_secret": "w" * 40}).save()
		frappe.db.commit()
		provider, system = provider_of(SYSTEM)
		with self.assertRaises(DomainError) as refused:
			provider.set_access(system, Access(Mode.FULL))
		self.assertEqual(refused.exception.code, "provider_refused")
		self.assertIn("wrong signature", refused.exception.context["reason"])
