"""Do users made in a customer's real system come to stand on his invoice, day by day, once?"""

import json
import subprocess
from contextlib import contextmanager
from datetime import date, datetime
from unittest import mock

import frappe
from frappe.utils import get_bench_path

from subscription_mgmt.adapters.contract_records import DOCTYPE as CONTRACT
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.engine.systems import Reading
from subscription_mgmt.engine.users import ContractUser
from subscription_mgmt.jobs import metering as job
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.register_user import register_user
from subscription_mgmt.tests.hosting import (
	SERVER,
	HostingTestCase,
	drop_tenant,
	make_instance,
	make_server,
	make_tenant,
	tenant_name,
)
from subscription_mgmt.tests.records import (
	charges_of,
	invoices_of,
	make_contract,
	make_customer,
	make_module,
	make_plan,
)

WORD = "meter"
START, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
USERS = {
	"metric": "users",
	"included": 1,
	"per_module": 1,
	"aggregate": "peak",
	"excess": "Bill",
	"price": 12,
	"currency": "USD",
}
STORAGE = {"metric": "storage", "included": 1, "aggregate": "last", "excess": "Block"}
EMAILS = {"metric": "emails", "included": 100, "aggregate": "sum", "excess": "Block"}


class MeteringTestCase(HostingTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_server()

	def forget(self) -> None:
		super().forget()
		for doctype in ("Meter Reading", "Usage Record", "Contract User", "Contract User Module"):
			frappe.db.delete(doctype)
		frappe.db.commit()

	def metered(self, instance: str, server: str | None = SERVER, **values: object) -> str:
		"""A yearly contract whose Desk module covers the system's Core and Desk."""
		module = make_module("_Test Desk")
		frappe.db.set_value("Service Module", module, "covers", "Core\nDesk")
		plan = make_plan(
			"_Test Hosted and metered", quotas=[USERS, STORAGE, EMAILS], modules=[{"service_module": module}]
		)
		make_instance(instance, server)
		contract = make_contract(
			customer=make_customer(),
			plan=plan.name,
			interval="Yearly",
			start_date=START,
			instance=instance,
			time_zone="America/La_Paz",
			**values,
		)
		activate(contract.name, START, site_ports())
		frappe.db.commit()
		return contract.name

	def measure(self, *contracts: str, at: str = "2026-01-10T12:00:00+00:00") -> None:
		with clock(at):
			job.meter_batch(list(contracts))

	def readings(self, contract: str) -> list[tuple]:
		frappe.db.rollback()
		rows = frappe.get_all(
			"Meter Reading",
			{"subscription_contract": contract},
			["day", "status", "tries", "problem"],
			order_by="day",
		)
		return [(str(row.day), row.status, row.tries, row.problem or "") for row in rows]

	def usage(self, contract: str, metric: str = "users") -> list[tuple]:
		rows = frappe.get_all(
			"Usage Record",
			{"subscription_contract": contract, "metric": metric},
			["measured_at", "value", "subjects"],
			order_by="measured_at",
		)
		return [(str(row.measured_at.date()), row.value, (row.subjects or "").split("\n")) for row in rows]


@contextmanager
def clock(at: str):
	with mock.patch.object(job, "moment", lambda: datetime.fromisoformat(at)):
		yield


class TestARealSystem(MeteringTestCase):
	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.addClassCleanup(drop_tenant, WORD)
		cls.site = make_tenant(WORD).site

	def in_tenant(self, method: str, **arguments: object) -> None:
		words = ["bench", "--site", self.site, "execute", method, "--kwargs", repr(arguments)]
		subprocess.run(words, cwd=get_bench_path(), check=True, capture_output=True, text=True, timeout=120)

	def make_user(self, login: str) -> None:
		user = {
			"doctype": "User",
			"email": login,
			"first_name": login.partition("@")[0],
			"send_welcome_email": 0,
			"roles": [{"role": "System Manager"}],
		}
		self.in_tenant("frappe.client.insert", doc=user)

	def test_users_made_in_the_system_stand_on_the_invoice(self):
		contract = self.metered(self.site)
		self.measure(contract)
		self.assertEqual(self.readings(contract), [("2026-01-10", "Done", 1, "")])
		self.assertEqual(self.usage(contract), [("2026-01-10", 0, [""])])
		for login in ("ana@acme.example", "ben@acme.example", "eva@acme.example"):
			self.make_user(login)
		self.measure(contract, at="2026-01-11T12:00:00+00:00")
		self.measure(contract, at="2026-01-11T22:00:00+00:00")
		everybody = ["ana@acme.example", "ben@acme.example", "eva@acme.example"]
		self.assertEqual(self.usage(contract)[1:], [("2026-01-11", 3, everybody)])
		self.in_tenant(
			"frappe.client.set_value", doctype="User", name="eva@acme.example", fieldname="enabled", value=0
		)
		self.measure(contract, at="2026-01-14T12:00:00+00:00")
		self.assertEqual(self.usage(contract)[2:], [("2026-01-14", 2, everybody[:2])])
		self.assertEqual(
			[each[:2] for each in self.readings(contract)][2:4],
			[("2026-01-12", "Missed"), ("2026-01-13", "Missed")],
		)
		(stored,) = {value for _, value, _ in self.usage(contract, "storage")[:1]}
		self.assertGreater(stored, 0)
		bill(contract, FEBRUARY, site_ports())
		usage = [
			(row.service_module, row.quantity, row.amount)
			for row in charges_of(contract)
			if row.kind == "usage"
		]
		self.assertEqual(usage, [("_Test Desk", 2, 24)])
		description = invoices_of(contract)[-1].items[0].description
		self.assertIn("3 used as of", description)
		self.assertIn("ana@acme.example, ben@acme.example, eva@acme.example", description)

	def test_who_is_registered_counts_before_he_is_made_in_the_system(self):
		contract = self.metered(self.site)
		for login in ("lea@acme.example", "max@acme.example"):
			user = ContractUser(login, modules=("_Test Desk",))
			register_user(contract, user, datetime.fromisoformat("2026-01-10 09:00"), site_ports())
		frappe.db.commit()
		self.measure(contract, at="2026-01-10T20:00:00+00:00")
		measured = self.usage(contract)[0]  # a reading stands at the midnight of its day
		self.assertLessEqual({"lea@acme.example", "max@acme.example"}, set(measured[2]))


class TestOneBadSystemAmongOthers(MeteringTestCase):
	"""Systems that are asked through the provider's port, without making a site for each."""

	def asked(self, answers: dict[str, object]):
		def provider_of(instance: str, *_arguments: object):
			return mock.Mock(measure=mock.Mock(side_effect=[answers[instance]])), None

		return mock.patch.object(job, "provider_of", provider_of)

	def test_a_system_that_cannot_be_asked_is_noted_tried_again_and_stops_no_other(self):
		good, bad = self.metered("good.example"), self.metered("no-such-site.localhost")
		readings = [Reading("users", 2, "Core", ("ana", "ben"))]
		for hour in ("12", "13", "14"):
			with self.asked({"good.example": readings, "no-such-site.localhost": OSError("unreachable")}):
				self.measure(bad, good, at=f"2026-01-10T{hour}:00:00+00:00")
		self.assertEqual(self.readings(bad), [("2026-01-10", "Failed", 3, "unreachable")])
		self.assertEqual(self.readings(good), [("2026-01-10", "Done", 1, "")])
		self.assertEqual(self.usage(good), [("2026-01-10", 2, ["ana", "ben"])])
		with self.asked({"no-such-site.localhost": readings}):
			self.measure(bad, at="2026-01-10T15:00:00+00:00")
		self.assertEqual(self.readings(bad), [("2026-01-10", "Done", 4, "")])

	def test_a_real_provider_that_finds_no_site_says_so(self):
		contract = self.metered(tenant_name("absent"))
		self.measure(contract)
		((_, status, _, problem),) = self.readings(contract)
		self.assertEqual(status, "Failed")
		self.assertIn(tenant_name("absent"), problem)

	def test_a_day_is_the_contracts_own(self):
		contract = self.metered("good.example")
		with self.asked({"good.example": []}):
			self.measure(contract, at="2026-01-11T03:00:00+00:00")
		self.assertEqual([each[0] for each in self.readings(contract)], ["2026-01-10"])

	def test_what_is_due_is_found_in_two_queries_and_only_once_a_day(self):
		contracts = [self.metered(f"n{n}.example") for n in range(3)]
		by_hand = self.metered("manual.example", server=None)
		with clock("2026-01-10T12:00:00+00:00"), mock.patch.object(job.frappe, "enqueue") as enqueue:
			with self.assertQueryCount(2):
				self.assertEqual(job.start(), 3)
			given = enqueue.call_args.kwargs["contracts"]
		self.assertEqual((given, by_hand in given), (sorted(contracts), False))
		with self.asked({"n0.example": []}):
			self.measure(contracts[0])
		with clock("2026-01-10T13:00:00+00:00"), mock.patch.object(job.frappe, "enqueue"):
			self.assertEqual(job.start(), 2)

	def test_a_module_the_system_does_not_know_is_named_on_the_reading(self):
		contract = self.metered("good.example")
		frappe.db.set_value("Service Module", "_Test Desk", "covers", None)
		with self.asked({"good.example": [Reading("users", 1, "Core", ("ana",))]}):
			self.measure(contract)
		((_, status, _, problem),) = self.readings(contract)
		self.assertEqual((status, "_Test Desk" in problem), ("Done", True))
		self.assertEqual(self.usage(contract), [])

	def test_a_contract_that_is_over_is_not_measured(self):
		contract = self.metered("good.example")
		frappe.db.set_value(CONTRACT, contract, "status", "Ended")
		frappe.db.commit()
		self.measure(contract)
		self.assertEqual(self.readings(contract), [])

	def test_what_was_said_is_kept_and_nobody_changes_it(self):
		contract = self.metered("good.example")
		with self.asked({"good.example": [Reading("users", 1, "Core", ("ana",))]}):
			self.measure(contract)
		record = frappe.get_last_doc("Meter Reading", {"subscription_contract": contract})
		self.assertEqual(json.loads(record.figures)[0]["subjects"], ["ana"])
		self.assertRaises(frappe.PermissionError, record.save)
		self.assertRaises(frappe.PermissionError, record.delete)
