"""What may a person say of outages, who is told of maintenance, and what does the report make of it all?"""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from unittest import mock

import frappe
from frappe.model.document import Document
from frappe.tests.utils import FrappeTestCase
from frappe.utils import add_to_date, now_datetime

from subscription_mgmt.adapters.moments import stored
from subscription_mgmt.api import availability, instances, outages
from subscription_mgmt.api.contract import activate
from subscription_mgmt.permissions import is_own_record
from subscription_mgmt.subscription_mgmt.report.availability.availability import execute
from subscription_mgmt.tests.records import (
	clock_at,
	make_contract,
	make_customer,
	make_plan,
	make_user,
	roll_back,
)
from subscription_mgmt.tests.test_availability import make_instance

NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)


def make_outage(instance: str, **values: object) -> Document:
	"""Over since an hour, unless it is said otherwise."""
	times = {
		"started_at": add_to_date(now_datetime(), hours=-2),
		"ended_at": add_to_date(now_datetime(), hours=-1),
	}
	return frappe.get_doc({"doctype": "Outage", "hosted_instance": instance, **times, **values}).insert()


def window(hours: int = 24, **values: object) -> dict:
	"""Maintenance of two hours that begins so many hours from now."""
	start = add_to_date(now_datetime(), hours=hours)
	return {"planned": 1, "started_at": start, "ended_at": add_to_date(start, hours=2), **values}


def mails_to(address: str) -> list[str]:
	queued = frappe.get_all(
		"Email Queue Recipient", {"recipient": address}, pluck="parent", order_by="creation"
	)
	return [frappe.get_doc("Email Queue", name).message for name in queued]


class OutageTestCase(FrappeTestCase):
	def tearDown(self) -> None:
		mock.patch.stopall()
		frappe.set_user("Administrator")
		roll_back()


class TestOutages(OutageTestCase):
	def test_what_a_person_enters_belongs_to_the_customer_of_the_instance(self):
		outage = make_outage(
			make_instance("a.example"), found_by="Probe", not_counted=1, announced_at=now_datetime()
		)
		outage.reload()
		self.assertEqual(
			(outage.customer, outage.found_by, outage.not_counted, outage.announced_at),
			("_Test Acme", "Person", 0, None),
		)

	def test_entries_that_cannot_be_are_refused_with_what_to_do(self):
		instance = make_instance("a.example")
		past = window(hours=-5)
		with self.assertRaisesRegex(frappe.ValidationError, "untick Planned"):
			make_outage(instance, **past)
		with self.assertRaisesRegex(frappe.ValidationError, "tick Planned"):
			make_outage(instance, **{**window(), "planned": 0})
		with self.assertRaisesRegex(frappe.ValidationError, "before it begins"):
			make_outage(instance, ended_at=add_to_date(now_datetime(), hours=-3))
		self.assertEqual(frappe.db.count("Outage", {"hosted_instance": instance}), 0)

	def test_a_correction_needs_its_reason_and_is_kept_as_a_version(self):
		outage = make_outage(make_instance("a.example"))
		outage.not_counted = 1
		with self.assertRaisesRegex(frappe.ValidationError, "Say why"):
			outage.save()
		outage.reload()
		outage.not_counted = 1
		outage.correction_reason = "The probe's address was wrong."
		outage.save(ignore_version=False)  # in tests Frappe keeps none
		versions = frappe.get_all("Version", {"docname": outage.name}, pluck="data")
		self.assertTrue(any("not_counted" in data and "address was wrong" in data for data in versions))

	def test_what_the_probe_found_is_neither_deleted_nor_passed_off_as_a_persons(self):
		outage = make_outage(make_instance("a.example"))
		frappe.db.set_value("Outage", outage.name, "found_by", "Probe")
		outage.reload()
		outage.update({"found_by": "Person", "reason": "Disk"}).save()
		self.assertEqual(frappe.db.get_value("Outage", outage.name, "found_by"), "Probe")
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, "Outage", outage.name)

	def test_a_customer_sees_his_own_alone_and_changes_nothing(self):
		user = make_user("owner@example.com", "Customer", user_type="Website User")
		mine = make_customer("_Test Own")
		record = frappe.get_doc("Customer", mine)
		record.append("portal_users", {"user": user})
		record.save()
		own = make_outage(make_instance("own.example", mine))
		other = make_outage(make_instance("other.example", make_customer("_Test Other")))
		frappe.set_user(user)
		self.assertEqual(frappe.get_list("Outage", pluck="name"), [own.name])
		self.assertTrue(is_own_record(own))
		self.assertFalse(frappe.has_permission("Outage", "read", other.name))
		self.assertRaises(frappe.PermissionError, own.save)
		self.assertEqual({row["instance"] for row in availability.months()}, {"own.example"})
		self.assertRaises(frappe.PermissionError, outages.plan_maintenance, ["own.example"], *self.times())
		with mock.patch.dict(frappe.flags, in_test=False):  # Frappe asks for no role in tests
			self.assertRaises(frappe.PermissionError, availability.promises_broken)

	def times(self) -> tuple[str, str]:
		start = add_to_date(now_datetime(), days=1)
		return str(start), str(add_to_date(start, hours=2))


class TestMaintenance(OutageTestCase):
	def test_a_window_is_announced_when_asked_and_again_when_it_moves_or_is_cancelled(self):
		customer = make_customer("_Test Mailed", language="es")
		frappe.db.set_value("Customer", customer, "email_id", "mailed@example.com")
		instance = make_instance("a.example", customer)
		make_outage(instance, **window())
		self.assertEqual(mails_to("mailed@example.com"), [])
		outage = make_outage(instance, **window(announce=1, reason="Discos nuevos <b>"))
		self.assertIsNotNone(outage.announced_at)
		[mail] = mails_to("mailed@example.com")
		self.assertIn("haremos trabajos de mantenimiento", mail)
		self.assertIn("nuevos &lt;b&gt;", mail)
		outage.reason = "Discos nuevos"
		outage.save()
		self.assertEqual(len(mails_to("mailed@example.com")), 1)
		outage.update({"ended_at": add_to_date(outage.ended_at, hours=1), "correction_reason": "more disks"})
		outage.save()
		outage.update({"not_counted": 1, "correction_reason": "cancelled"})
		outage.save()
		mails = mails_to("mailed@example.com")
		self.assertEqual(len(mails), 3)
		self.assertIn("Nueva hora", mails[1])
		self.assertIn("Cancelado", mails[2])

	def test_many_instances_are_planned_at_once_and_each_customer_is_told_once(self):
		customer = make_customer("_Test Mailed")
		frappe.db.set_value("Customer", customer, "email_id", "mailed@example.com")
		names = [make_instance(f"{n}.example", customer) for n in range(3)]
		names.append(make_instance("silent.example", make_customer("_Test Silent")))
		start = add_to_date(now_datetime(), days=1)
		told = outages.plan_maintenance(
			frappe.as_json(names), str(start), str(add_to_date(start, hours=2)), "Kernel", 1
		)
		self.assertEqual((len(told["windows"]), told["untold"]), (4, ["_Test Silent"]))
		[mail] = mails_to("mailed@example.com")
		self.assertIn("0.example, 1.example, 2.example", mail)
		announced = frappe.get_all(
			"Outage",
			{"announced_at": ["is", "set"], "name": ["in", told["windows"]]},
			pluck="hosted_instance",
		)
		self.assertEqual(sorted(announced), names[:3])

	def test_a_window_that_is_refused_leaves_nobody_told(self):
		instance = make_instance("a.example")
		start = add_to_date(now_datetime(), days=-1)
		with self.assertRaises(frappe.ValidationError):
			outages.plan_maintenance([instance], str(start), str(add_to_date(start, hours=2)), "", 1)
		self.assertEqual(frappe.db.count("Outage", {"hosted_instance": instance}), 0)


class TestState(OutageTestCase):
	def test_the_form_of_an_instance_shows_how_it_stands(self):
		instance = make_instance("a.example")
		self.assertEqual(set(instances.state_of(instance).values()), {None})
		make_outage(instance, ended_at=None)
		make_outage(instance, **window())
		moment = now_datetime()
		for doctype, rows in {
			"Backup Run": [("B1", "Good", moment), ("B2", "Failed", moment)],
			"Hosting Operation": [("O1", "Failed", None), ("O2", "Done", None)],
			"Backup Alert": [("A1", "Closed", None)],
		}.items():
			times = "finished_at" if doctype != "Backup Alert" else "closed_at"
			fields = ("name", "instance", "status", times, "creation")
			values = [(f"_Test {name}", instance, status, at, moment) for name, status, at in rows]
			frappe.db.bulk_insert(doctype, fields, values)
		state = instances.state(instance)
		self.assertEqual((state["backup"].name, state["operation"].name), ("_Test B1", "_Test O1"))
		self.assertEqual((state["drill"], state["alert"], state["probe"]), (None, None, None))
		self.assertTrue(state["down_since"] < moment < state["maintenance"])
		self.assertEqual((state["month"]["promise"], state["month"]["standing"]), (None, ""))

	def test_the_card_counts_instances_whose_access_is_not_what_it_should_be(self):
		before = instances.access_not_in_force()["value"]
		for name, wanted, actual in (("a", "Restricted", "Full"), ("b", "Full", None), ("c", "Full", "Full")):
			make_instance(f"{name}.example")
			modes = {"wanted_mode": wanted, "actual_mode": actual}
			frappe.db.set_value("Hosted Instance", f"{name}.example", modes)
		card = instances.access_not_in_force()
		self.assertEqual(card["value"], before + 2)
		self.assertIn("b.example", card["route_options"]["name"][1])
		self.assertNotIn("c.example", card["route_options"]["name"][1])


class TestReport(OutageTestCase):
	def setUp(self) -> None:
		# Instances of other tests, and of the site, are left alone.
		for doctype in ("Probe Gap", "Instance Probe", "Hosted Instance"):
			frappe.db.delete(doctype)
		for place in ("api.availability", "subscription_mgmt.report.availability.availability"):
			mock.patch(f"subscription_mgmt.{place}.moment", lambda: NOW).start()
		self.plan = make_plan("_Test Four Nines", availability_promise=99.99).name

	def seen(self, name: str, since: date = date(2026, 1, 1)) -> str:
		"""An instance that the probe has seen from that day until now."""
		make_instance(name)
		start = datetime.combine(since, datetime.min.time(), timezone.utc)
		frappe.db.set_value("Hosted Instance", name, "creation", stored(start))
		state = {"first_reached_at": stored(start), "seen_at": stored(NOW)}
		frappe.get_doc({"doctype": "Instance Probe", "hosted_instance": name}).insert()
		frappe.db.set_value("Instance Probe", name, state)
		return name

	def served(self, name: str, **values: object) -> str:
		"""One with a contract of the plan, its days those of La Paz, four hours behind UTC."""
		contract = make_contract(
			plan=self.plan, instance=self.seen(name), start_date=date(2026, 1, 1), **values
		)
		with clock_at(date(2026, 1, 1)):
			activate(contract.name)
		return contract.name

	def outage(self, instance: str, start: str, minutes: int, **values: object) -> None:
		begin = datetime.fromisoformat(start).replace(tzinfo=timezone.utc)
		columns = ("name", "hosted_instance", "started_at", "ended_at", *values)
		ends = (stored(begin), stored(begin + timedelta(minutes=minutes)))
		row = (frappe.generate_hash(length=10), instance, *ends, *values.values())
		frappe.db.bulk_insert("Outage", columns, [row])

	def rows(self, first: date, last: date | None = None, **filters: object) -> dict:
		found = execute({"from_month": first, "to_month": last or first, **filters})[1]
		return {(row["instance"], row["month"]): row for row in found}

	def test_a_month_is_judged_in_the_zone_of_the_contract(self):
		self.served("a.example")
		self.outage("a.example", "2026-02-01 03:00", 60)
		rows = self.rows(date(2026, 1, 1), date(2026, 2, 1))
		january, february = rows["a.example", "2026-01"], rows["a.example", "2026-02"]
		self.assertEqual((january["minutes_down"], january["standing"]), (60, "Broken"))
		self.assertEqual((february["minutes_down"], february["standing"]), (0, "Kept"))
		self.assertEqual((january["promise"], january["percent"]), (Decimal("99.99"), Decimal("99.87")))

	def test_planned_cancelled_and_unseen_time(self):
		self.served("a.example")
		self.outage("a.example", "2026-02-03 10:00", 120, planned=1)
		self.outage("a.example", "2026-02-03 11:00", 62)
		self.outage("a.example", "2026-02-05 10:00", 600, not_counted=1)
		[row] = self.rows(date(2026, 2, 1)).values()
		self.assertEqual((row["minutes_down"], row["minutes_planned"], row["standing"]), (2, 120, "Kept"))
		frappe.get_doc(
			{
				"doctype": "Probe Gap",
				"cause": "Own Network",
				"started_at": stored(NOW - timedelta(days=20)),
				"ended_at": stored(NOW - timedelta(days=20) + timedelta(minutes=30)),
			}
		).insert()
		[row] = self.rows(date(2026, 2, 1)).values()
		self.assertEqual(
			(row["minutes_unseen"], row["standing"], str(row["percent"])), (30, "Not Proven", "100.00")
		)

	def test_who_was_never_reached_proves_nothing_and_who_has_no_promise_keeps_none(self):
		self.served("a.example")
		frappe.db.set_value("Instance Probe", "a.example", {"first_reached_at": None, "seen_at": None})
		self.seen("b.example", date(2026, 2, 10))
		rows = self.rows(date(2026, 1, 1), date(2026, 2, 1))
		self.assertEqual(rows["a.example", "2026-02"]["standing"], "Not Proven")
		self.assertEqual(rows["b.example", "2026-02"]["standing"], "")
		self.assertNotIn(("b.example", "2026-01"), rows)

	def test_a_system_that_is_being_set_up_is_not_unseen_and_older_gaps_are_none_of_its_own(self):
		created = datetime(2026, 2, 10, tzinfo=timezone.utc)
		self.served("a.example")
		frappe.db.set_value("Hosted Instance", "a.example", "creation", stored(created))
		gap = {
			"started_at": stored(created - timedelta(days=3)),
			"ended_at": stored(created - timedelta(days=2)),
		}
		frappe.get_doc({"doctype": "Probe Gap", "cause": "Not Running", **gap}).insert()
		for hours, unseen in ((20, 0), (30, 30 * 60)):
			reached = stored(created + timedelta(hours=hours))
			frappe.db.set_value("Instance Probe", "a.example", "first_reached_at", reached)
			[row] = self.rows(date(2026, 2, 1)).values()
			self.assertEqual(row["minutes_unseen"], unseen)

	def test_an_outage_that_goes_on_counts_until_now_and_the_card_counts_who_lost(self):
		self.served("a.example")
		self.served("b.example")
		self.assertEqual(availability.promises_broken()["value"], 0)
		self.outage("a.example", "2026-03-10 11:00", 60)
		frappe.db.set_value("Outage", {"hosted_instance": "a.example"}, "ended_at", None)
		[row] = self.rows(date(2026, 3, 1), standing="Broken").values()
		self.assertEqual((row["instance"], row["minutes_down"]), ("a.example", 60))
		self.assertEqual(availability.promises_broken()["value"], 1)

	def test_the_chart_and_the_summary_count_what_the_rows_say(self):
		self.served("a.example")
		self.served("b.example")
		self.outage("a.example", "2026-02-03 10:00", 60)
		_, _, _, chart, summary = execute({"from_month": date(2026, 2, 1), "to_month": date(2026, 3, 1)})
		self.assertEqual([item["values"] for item in chart["data"]["datasets"]], [[1, 2], [0, 0], [1, 0]])
		self.assertEqual([item["value"] for item in summary], [3, 0, 1])
		one = execute(
			{"from_month": date(2026, 2, 1), "to_month": date(2026, 3, 1), "hosted_instance": "a.example"}
		)
		self.assertEqual(one[3]["data"]["datasets"][0]["values"], [99.85, 100.0])

	def test_more_instances_ask_no_more_queries(self):
		self.served("a.example")
		first = self.queries()
		for n in range(20):
			self.seen(f"{n}.example")
		self.assertLessEqual(self.queries(), first)

	def queries(self) -> int:
		asked: list[str] = []
		execute_sql = frappe.db.sql

		def counted(*arguments, **more):
			asked.append(str(arguments[0]))
			return execute_sql(*arguments, **more)

		with mock.patch.object(frappe.db, "sql", counted):
			execute({"from_month": date(2026, 2, 1), "to_month": date(2026, 3, 1)})
		return len(asked)
