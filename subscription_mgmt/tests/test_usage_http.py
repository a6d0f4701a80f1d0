"""What does somebody get who sends a meter's report over HTTP as it should not be? Asked of a real server."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
from frappe.utils import get_datetime

from subscription_mgmt.adapters.clock import moment, today_in
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api.usage import new_key
from subscription_mgmt.services.activate import activate
from subscription_mgmt.tests.committed import CommittedTestCase
from subscription_mgmt.tests.records import (
	make_contract,
	make_customer,
	make_fiscal_year_of,
	make_module,
	make_plan,
)
from subscription_mgmt.tests.test_usage import QUOTAS

REPORT = "/api/method/subscription_mgmt.api.usage.report"
ENTITLEMENT = "/api/method/subscription_mgmt.api.usage.entitlement"
SERVE = """
import sys
import frappe.app
from werkzeug.serving import run_simple
frappe.app._site, frappe.app._sites_path = sys.argv[1], "."
run_simple("127.0.0.1", int(sys.argv[2]), frappe.app.application, threaded=True)
"""


class TestHostileIntakeOverHttp(CommittedTestCase):
	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		with socket.socket() as free:
			free.bind(("127.0.0.1", 0))
			cls.port = free.getsockname()[1]
		arguments = [sys.executable, "-c", SERVE, frappe.local.site, str(cls.port)]
		server = subprocess.Popen(
			arguments,
			cwd=os.path.abspath(frappe.local.sites_path),
			stdout=subprocess.DEVNULL,
			stderr=subprocess.DEVNULL,
		)
		cls.addClassCleanup(server.wait)
		cls.addClassCleanup(server.terminate)
		cls.wait_for_server()

	@classmethod
	def wait_for_server(cls) -> None:
		deadline = time.monotonic() + 60
		while time.monotonic() < deadline:
			try:
				socket.create_connection(("127.0.0.1", cls.port), 1).close()
				return
			except OSError:
				time.sleep(0.1)
		raise AssertionError("no server within a minute")

	def setUp(self) -> None:
		super().setUp()
		self.contract, self.key = self.metered("_Test Acme", "acme.example")
		self.at = (moment() - timedelta(minutes=5)).isoformat()

	def metered(self, customer: str, instance: str) -> tuple[str, str]:
		start = today_in(None) - timedelta(days=2)
		make_fiscal_year_of(start)
		module = make_module()
		calls = {"metric": "calls", "included": 10, "aggregate": "sum", "excess": "Block"}
		plan = make_plan(
			"_Test Metered by HTTP", quotas=[*QUOTAS, calls], modules=[{"service_module": module}]
		)
		contract = make_contract(
			customer=make_customer(customer),
			plan=plan.name,
			interval="Yearly",
			start_date=start,
			instance=instance,
		)
		activate(contract.name, start, site_ports())
		meter = {"doctype": "Usage Meter", "meter_name": f"_Test {contract.name}"}
		key = new_key(frappe.get_doc({**meter, "subscription_contract": contract.name}).insert().name)
		frappe.db.commit()
		return contract.name, key

	def asked(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict]:
		connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
		try:
			connection.request(method, path, body, headers)
			answer = connection.getresponse()
			content = answer.read()
		finally:
			connection.close()
		self.assertEqual(answer.headers.get_content_type(), "application/json", content[:200])
		return answer.status, json.loads(content)

	def send(self, body: object, key: str | None = None, **headers: str) -> tuple[int, dict]:
		data = body if isinstance(body, bytes) else json.dumps(body).encode()
		given = {"X-Meter-Key": self.key if key is None else key, "Content-Type": "application/json"}
		return self.asked("POST", REPORT, data, **{**given, **headers})

	def users(self, value: int, key: str = "a", **more: object) -> dict:
		record = {"metric": "users", "module": "_Test CRM", "value": value, "at": self.at}
		return {"records": [{"key": key, **record}], **more}

	def stored(self, contract: str | None = None) -> int:
		frappe.db.rollback()
		return frappe.db.count("Usage Record", {"subscription_contract": contract or self.contract})

	def test_an_honest_report_is_taken_once(self):
		self.assertEqual(self.send(self.users(4))[1]["message"], {"taken": 1, "duplicates": 0, "refused": []})
		self.assertEqual(self.send(self.users(4))[1]["message"]["duplicates"], 1)
		told = self.send(self.users(5))[1]["message"]["refused"]
		self.assertEqual([each["code"] for each in told], ["usage_key_reused"])
		self.assertEqual(self.stored(), 1)
		used = frappe.db.get_value("Usage Meter", f"_Test {self.contract}", "last_used_at")
		self.assertIsNotNone(get_datetime(used))

	def test_a_report_of_nothing_and_one_of_nothing_readable_are_answered(self):
		nothing = {"taken": 0, "duplicates": 0, "refused": []}
		self.assertEqual(self.send({"records": []})[1]["message"], nothing)
		told = self.send({"records": [5, None]})[1]["message"]
		self.assertEqual([each["code"] for each in told["refused"]], ["unreadable"] * 2)

	def test_a_wrong_key_opens_nothing(self):
		for key in ("", "none", "um_.", f"{self.key}x", self.key[:-1], "um_' or 1=1 --.x"):
			status, _ = self.send(self.users(4), key)
			self.assertEqual(status, 401, key)
		self.assertEqual(self.stored(), 0)

	def test_a_key_opens_its_own_instance_alone(self):
		other, key = self.metered("_Test Other", "other.example")
		self.assertEqual(self.send(self.users(4, instance="other.example"))[0], 403)
		self.assertEqual(self.send(self.users(4, instance="other.example"), key)[0], 200)
		self.assertEqual((self.stored(), self.stored(other)), (0, 1))

	def test_ten_megabytes_are_refused_whatever_they_are(self):
		record = json.dumps(self.users(4))[:-1].encode()
		for body in (record + b" " * 10_000_000 + b"}", b"x" * 10_000_000):
			for kind in ("application/json", "text/plain", "application/octet-stream"):
				status, _ = self.send(body, **{"Content-Type": kind})
				self.assertIn(status, (400, 413), kind)
		self.assertEqual(self.send(self.users(4, padding="x" * 10_000_000))[0], 413)
		self.assertEqual(self.stored(), 0)

	def test_what_is_no_json_is_the_senders_mistake_and_shows_nothing_of_ours(self):
		for body in (b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"records": }', b"null", b'"text"', b"[]"):
			for kind in ("application/json", "text/plain"):
				status, told = self.send(body, **{"Content-Type": kind})
				self.assertTrue(400 <= status < 500, (body[:20], kind, status, told))
		self.assertEqual(self.stored(), 0)

	def test_malformed_json_is_answered_without_a_trace_of_our_code(self):
		status, told = self.send(b"{")
		self.assertEqual(status, 400)
		self.assertEqual(set(told), {"exc_type", "message"})

	def test_a_replay_with_an_idempotency_key_gets_the_first_answer_and_another_body_none(self):
		headers = {"Idempotency-Key": f"{self.contract} 1"}
		first = self.send(self.users(4), **headers)
		self.assertEqual(self.send(self.users(4), **headers), first)
		self.assertEqual(self.send(self.users(5, key="b"), **headers)[0], 409)
		self.assertEqual(self.stored(), 1)

	def test_one_report_sent_by_many_at_once_counts_once(self):
		with ThreadPoolExecutor(6) as senders:
			answers = list(senders.map(lambda _n: self.send(self.users(4)), range(6)))
		self.assertLessEqual({status for status, _ in answers}, {200, 409}, answers)
		self.assertEqual(self.stored(), 1)
		self.assertEqual(self.send(self.users(4))[1]["message"]["duplicates"], 1)

	def test_a_quota_that_blocks_is_not_given_twice_to_reports_sent_at_once(self):
		def call(n: int) -> int:
			record = {"key": f"call {n}", "metric": "calls", "value": 3, "at": self.at}
			return self.send({"records": [record]})[0]

		with ThreadPoolExecutor(8) as senders:
			self.assertEqual(set(senders.map(call, range(8))), {200})
		frappe.db.rollback()
		filters = {"subscription_contract": self.contract, "metric": "calls"}
		self.assertEqual(sum(frappe.get_all("Usage Record", filters, pluck="counted")), 10)

	def test_a_future_or_negative_figure_is_refused_and_the_rest_taken(self):
		later = (moment() + timedelta(hours=1)).isoformat()
		records = [
			*self.users(-1, "negative")["records"],
			{**self.users(1, "later")["records"][0], "at": later},
			*self.users(1, "good")["records"],
		]
		told = self.send({"records": records})[1]["message"]
		self.assertEqual(told["taken"], 1)
		codes = [each["code"] for each in told["refused"]]
		self.assertEqual(codes, ["negative_usage", "usage_in_future"])

	def test_a_report_is_posted_and_nobody_reads_records_with_a_meters_key(self):
		self.assertIn(self.asked("GET", REPORT, **{"X-Meter-Key": self.key})[0], (403, 405))
		listed = "/api/resource/Usage%20Record"
		self.assertIn(self.asked("GET", listed, **{"X-Meter-Key": self.key})[0], (401, 403))

	def test_entitlement_is_answered_to_the_key_and_refused_without(self):
		path = f"{ENTITLEMENT}?metric=companies&more=1"
		self.assertTrue(self.asked("GET", path, **{"X-Meter-Key": self.key})[1]["message"]["allowed"])
		path = f"{ENTITLEMENT}?metric=companies&more=2"
		self.assertFalse(self.asked("GET", path, **{"X-Meter-Key": self.key})[1]["message"]["allowed"])
		self.assertEqual(self.asked("GET", path)[0], 401)
		path = f"{ENTITLEMENT}?metric=companies&more=NaN"
		self.assertEqual(self.asked("GET", path, **{"X-Meter-Key": self.key})[0], 400)
