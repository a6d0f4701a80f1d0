"""Does the probe of a site find outages of real HTTP servers, and does the report say what was kept of the promise?"""

from datetime import datetime, timedelta, timezone
from functools import partial
from unittest import SkipTest, mock

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.adapters.http_probe import ask_all
from subscription_mgmt.adapters.moments import moment_of
from subscription_mgmt.jobs.probe import probe_instances
from subscription_mgmt.tests.answering_server import AnsweringServer
from subscription_mgmt.tests.processes import together
from subscription_mgmt.tests.records import make_customer, make_user, roll_back, settings

EVERY = timedelta(minutes=5)


def make_instance(name: str, customer: str | None = None, mode: str = "Full", **probe: object) -> str:
	"""Provisioned, in `mode`; its probe as given."""
	values = {"instance_name": name, "customer": customer or make_customer()}
	frappe.get_doc({"doctype": "Hosted Instance", **values}).insert()
	frappe.db.set_value("Hosted Instance", name, {"wanted_mode": mode, "actual_mode": mode})
	if probe:
		frappe.get_doc({"doctype": "Instance Probe", "hosted_instance": name, **probe}).insert()
	return name


def outages_of(instance: str) -> list:
	fields = ["name", "customer", "started_at", "ended_at", "found_by", "planned"]
	return frappe.get_all("Outage", {"hosted_instance": instance}, fields, order_by="started_at")


class AvailabilityTestCase(FrappeTestCase):
	def setUp(self) -> None:
		# The probe commits, which a test takes back.
		mock.patch("frappe.db.commit").start()
		# Instances of other tests, and of the site, are left alone.
		for doctype in ("Outage", "Probe Gap", "Instance Probe", "Hosted Instance"):
			frappe.db.delete(doctype)
		self.server = self.enterContext(AnsweringServer())
		self.enterContext(settings(probe_private_addresses=1))
		mock.patch("subscription_mgmt.jobs.probe.ask_all", partial(ask_all, seconds=0.8)).start()
		self.looks = 0
		self.now = datetime(2026, 2, 3, 10, tzinfo=timezone.utc)

	def tearDown(self) -> None:
		mock.patch.stopall()
		frappe.set_user("Administrator")
		roll_back()

	def at(self, name: str, **more: object) -> str:
		"""An instance behind the server, known there by its host."""
		return make_instance(name, probe_url=self.server.url(), probe_host=name, **more)

	def look(self, **paths: str):
		"""One look at the systems, five minutes after the last, while each host has become its path."""
		self.server.becomes.update({f"{host}.example": path for host, path in paths.items()})
		now = self.now = self.now + EVERY

		class Clock(datetime):
			@classmethod
			def now(cls, tz=None):
				return now

		with (
			mock.patch("subscription_mgmt.adapters.http_probe.datetime", Clock),
			mock.patch("subscription_mgmt.jobs.probe.moment", lambda: now),
		):
			return probe_instances()


class TestProbe(AvailabilityTestCase):
	def test_two_failures_open_an_outage_that_began_with_the_first_and_a_success_ends_it(self):
		for host in ("a", "b", "c"):
			self.at(f"{host}.example")
		self.look()
		self.look(a="/drop")
		self.assertEqual(outages_of("a.example"), [])
		first = self.now
		self.look(a="/status/502")
		[outage] = outages_of("a.example")
		self.assertEqual(
			(moment_of(outage.started_at), outage.ended_at, outage.found_by), (first, None, "Probe")
		)
		self.assertEqual(outage.customer, "_Test Acme")
		self.look()
		self.look(a="/")
		[outage] = outages_of("a.example")
		self.assertEqual(moment_of(outage.ended_at), self.now)
		told = frappe.get_doc("Outage", outage.name).evidence
		self.assertEqual(
			[(row.outcome, row.http_status) for row in told],
			[("Broken Off", 0), ("Answered", 502), ("Answered", 200)],
		)
		self.assertEqual(outages_of("b.example"), [])

	def test_people_are_told_of_what_opened_at_one_look_in_one_message(self):
		manager = make_user("watcher@example.com", "Subscription Manager")
		for host in ("a", "b", "c"):
			self.at(f"{host}.example")
		self.look()
		for _ in range(4):
			self.look(a="/drop", b="/status/500")
		told = frappe.get_all("Notification Log", {"for_user": manager}, ["subject", "email_content"])
		self.assertEqual(
			[(row.subject, row.email_content) for row in told],
			[("2 systems cannot be reached", "a.example, b.example")],
		)

	def test_the_look_is_scheduled_every_five_minutes(self):
		job = {"method": "subscription_mgmt.jobs.probe.probe_instances"}
		self.assertEqual(frappe.db.get_value("Scheduled Job Type", job, "cron_format"), "*/5 * * * *")

	def test_a_single_failure_a_slow_answer_and_a_redirect_are_no_outage(self):
		for host in ("a", "b", "c"):
			self.at(f"{host}.example")
		self.look()
		elsewhere = f"http://localhost:{self.server.port}/"
		for path in ("/drop", "/slow?seconds=0.2", "/hang", f"/redirect?to={elsewhere}", "/half", "/"):
			self.look(a=path)
		self.assertEqual(outages_of("a.example"), [])

	def test_a_restricted_system_that_asks_to_be_paid_is_reached_and_a_restored_one_is_not(self):
		self.at("restricted.example", mode="Restricted")
		self.at("restored.example")
		self.at("other.example")
		self.look()
		for _ in range(2):
			self.look(restricted="/status/402", restored="/status/402")
		self.look(restricted="/notice/503")
		self.assertEqual(outages_of("restricted.example"), [])
		self.assertEqual(len(outages_of("restored.example")), 1)

	def test_deleted_unprovisioned_and_disabled_ones_are_not_asked(self):
		self.at("a.example", mode="Deleted")
		self.at("b.example", mode="")
		self.at("c.example", disabled=1)
		self.assertEqual(self.look(), 0)
		self.assertEqual(self.server.asked, [])

	def test_an_outage_of_a_system_that_is_no_longer_probed_ends(self):
		for host in ("a", "b", "c"):
			self.at(f"{host}.example")
		self.look()
		self.look(a="/drop")
		self.look()
		frappe.db.set_value("Hosted Instance", "a.example", "actual_mode", "Deleted")
		self.look()
		self.assertEqual(moment_of(outages_of("a.example")[0].ended_at), self.now)

	def test_when_all_fall_silent_nothing_opens_a_gap_is_noted_and_people_are_told(self):
		manager = make_user("watcher@example.com", "Subscription Manager")
		for host in ("a", "b", "c"):
			self.at(f"{host}.example")
		self.look()
		seen = self.now
		for _ in range(3):
			self.look(a="/hang", b="/hang", c="/hang")
		self.assertEqual(frappe.db.count("Outage"), 0)
		[gap] = frappe.get_all("Probe Gap", fields=["cause", "started_at", "ended_at", "hosted_instance"])
		self.assertEqual((gap.cause, moment_of(gap.started_at), gap.ended_at), ("Own Network", seen, None))
		told = frappe.get_all("Notification Log", {"for_user": manager, "document_type": "Probe Gap"})
		self.assertEqual(len(told), 1)
		self.look(a="/", b="/", c="/hang")
		self.look()
		self.assertEqual(moment_of(frappe.db.get_value("Probe Gap", {}, "ended_at")), self.now - EVERY)
		self.assertEqual([moment_of(row.started_at) for row in outages_of("c.example")], [self.now - EVERY])

	def test_a_control_address_that_answers_makes_the_silence_theirs(self):
		with AnsweringServer() as control:
			frappe.db.set_single_value("Subscription Mgmt Settings", "probe_control_addresses", control.url())
			frappe.clear_document_cache("Subscription Mgmt Settings", "Subscription Mgmt Settings")
			for host in ("a", "b", "c"):
				self.at(f"{host}.example")
			self.look()
			self.look(a="/hang", b="/hang", c="/hang")
			self.look()
		self.assertEqual(frappe.db.count("Outage"), 3)

	def test_a_pause_of_the_probe_is_a_gap(self):
		self.at("a.example")
		self.look()
		seen = self.now
		self.now += timedelta(hours=2)
		self.look()
		[gap] = frappe.get_all("Probe Gap", fields=["cause", "started_at", "ended_at"])
		self.assertEqual(
			(gap.cause, moment_of(gap.started_at), moment_of(gap.ended_at)), ("Not Running", seen, self.now)
		)

	def test_private_addresses_are_not_asked_unless_the_settings_allow_it(self):
		self.at("a.example")
		with settings(probe_private_addresses=0):
			self.look()
			self.look()
		self.assertEqual(self.server.asked, [])
		self.assertEqual(frappe.db.get_value("Instance Probe", "a.example", "outcome"), "Address Not Allowed")
		self.assertEqual(frappe.db.count("Outage"), 0)

	def test_addresses_that_are_none_are_refused(self):
		make_instance("a.example")
		for values in (
			{"probe_url": "file:///etc/passwd"},
			{"probe_url": "http://a.example/\nX: y"},
			{"probe_host": "a.example\r\nX: y"},
		):
			probe = frappe.get_doc({"doctype": "Instance Probe", "hosted_instance": "a.example", **values})
			self.assertRaises(frappe.ValidationError, probe.insert)

	def test_a_form_opened_before_a_look_does_not_undo_it(self):
		for host in ("a", "b", "c"):
			self.at(f"{host}.example")
		self.look()
		form = frappe.get_doc("Instance Probe", "a.example")
		self.look(a="/drop")
		form.probe_host = "a.example"
		form.save()
		self.look()
		self.assertEqual(len(outages_of("a.example")), 1)

	def test_the_number_of_queries_does_not_grow_with_the_instances(self):
		for n in range(3):
			self.at(f"{n}.example")
		self.look()
		self.look()
		few = self.queries()
		for n in range(3, 40):
			self.at(f"{n}.example")
		self.look()
		self.assertLessEqual(self.queries(), few)
		for n in range(40):
			self.server.becomes[f"{n}.example"] = "/status/500"
		self.look()
		self.assertLessEqual(self.queries(), few + 6)
		self.assertEqual(frappe.db.count("Outage", {"ended_at": ["is", "not set"]}), 40)

	def queries(self) -> int:
		asked: list[str] = []
		execute = frappe.db.sql

		def counted(*arguments, **more):
			asked.append(str(arguments[0]))
			return execute(*arguments, **more)

		with mock.patch.object(frappe.db, "sql", counted):
			self.look()
		return len([each for each in asked if "Notification" not in each])


class TestLooksAtOnce(FrappeTestCase):
	"""Commits what other processes must see, and deletes it."""

	MADE = ("Outage Evidence", "Outage", "Probe Gap", "Instance Probe", "Hosted Instance")

	def setUp(self) -> None:
		if frappe.db.count("Hosted Instance"):
			raise SkipTest("this site has instances of its own, which the job would probe")
		self.addCleanup(self.forget, bool(frappe.db.exists("Customer", "_Test Acme")))
		self.server = self.enterContext(AnsweringServer())
		self.enterContext(settings(probe_private_addresses=1))
		self.names = [f"{n}.example" for n in range(5)]
		for name in self.names:
			make_instance(name, probe_url=self.server.url("/status/500"), probe_host=name)
		frappe.db.set_value("Instance Probe", {"name": ["in", self.names]}, "first_reached_at", "2026-01-01")
		frappe.db.commit()

	def forget(self, had_customer: bool) -> None:
		frappe.db.rollback()
		for doctype in self.MADE:
			frappe.db.delete(doctype)
		if not had_customer:
			frappe.delete_doc("Customer", "_Test Acme", force=True)
		settings_now = "Subscription Mgmt Settings"
		frappe.db.set_single_value(settings_now, "probe_private_addresses", 0)
		frappe.db.commit()
		frappe.clear_document_cache(settings_now, settings_now)

	def test_looks_that_overlap_open_one_outage_each_and_close_it_once(self):
		probe_instances()
		self.assertEqual(together(3, probe_instances), ["5"] * 3)
		found = frappe.get_all("Outage", {"ended_at": ["is", "not set"]}, pluck="hosted_instance")
		self.assertEqual(sorted(found), self.names)
		self.assertEqual(frappe.db.count("Outage Evidence"), 10)
		for name in self.names:
			self.server.becomes[name] = "/"
		together(3, probe_instances)
		self.assertEqual(frappe.db.count("Outage", {"ended_at": ["is", "not set"]}), 0)
		self.assertEqual(frappe.db.count("Outage Evidence"), 15)
