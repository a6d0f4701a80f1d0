"""Does a catalogue file become records, once, and nothing else?"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import frappe
from frappe.tests.utils import FrappeTestCase

import subscription_mgmt
from subscription_mgmt.adapters.catalogue_import import put
from subscription_mgmt.adapters.catalogue_records import CatalogueRecords
from subscription_mgmt.simulation.as_records import records_of
from subscription_mgmt.simulation.scenario_file import CatalogueFile, read_catalogue
from subscription_mgmt.simulation.yaml_file import FileError

EXAMPLES = Path(subscription_mgmt.__file__).resolve().parents[1] / "examples"
VENDORS = ("bo", "es", "fr", "mx", "uk")
CATALOGUE = """
name: A small vendor
currency: USD
timezone: America/La_Paz
calendars:
  _Test office:
    {hours: {mon-fri: ["09:00-14:00", "15:00-24:00"]}, holidays: [2026-02-02, 2027-01-01]}
  _Test always: {always: true}
dunning_policies:
  _Test strict: {remind_days: [1, 5], restrict_after_days: 10, delete_after_restriction_days: 30}
backup_policies:
  _Test twice: {at: ["06:00", "18:00"], restore_within: 2h}
  _Test often: {every: 6h}
sla_policies:
  _Test gold:
    {calendar: _Test office, response: {1: 30m, 2: 4h}, resolution: {1: 4h}, hour_cap: 20h, channels: [email]}
  _Test credits: {calendar: _Test always, credits: {query: 20, low_balance: 30}}
topics:
  _Test import: {scope: Excluded, offer: _Test consulting}
modules:
  _Test sales: {functions: [Import], needs_online: [E-invoicing]}
plans:
  _Test small: {kind: Subscription, tier: 1, prices: {Half-Yearly: 600.10, Yearly: 1100.00},
    prices_from: {2027-01-01: {Yearly: 1200.00}}, modules: [_Test sales],
    quotas: {users: {included: 1, per_module: true, aggregate: peak, excess: Bill, price: 12.50}},
    dunning: _Test strict, backup: _Test twice, sla: _Test gold, notice_days: 30, refundable: true}
packs:
  _Test user: {kind: Users, metric: users, per_module: true, prices: {Yearly: 90.00}}
  _Test consulting: {kind: Success Pack, price: 950.00}
"""
DOCTYPES = (
	*("Holiday List", "Service Calendar", "Dunning Policy", "Backup Policy", "SLA Policy", "Support Topic"),
	*("Service Module", "Plan", "Pack", "Item"),
)


def catalogue(text: str = CATALOGUE) -> CatalogueFile:
	with TemporaryDirectory() as folder:
		path = Path(folder) / "catalogue.yaml"
		path.write_text(text, encoding="utf-8")
		return read_catalogue(path)


def imported(offer: CatalogueFile) -> Counter[str]:
	return sum(put(records_of(offer)).values(), Counter())


def stamps() -> dict[str, list]:
	"""When each record, and each of its rows, was last written."""
	return {
		doctype: frappe.get_all(doctype, ["name", "modified"], order_by="name")
		for doctype in (*DOCTYPES, "Subscription Price", "Plan Quota", "SLA Target", "Holiday")
	}


class TestImportCatalogue(FrappeTestCase):
	def tearDown(self):
		frappe.db.rollback()

	def test_the_engine_reads_from_the_records_what_it_reads_from_the_file(self):
		for vendor in VENDORS:
			with self.subTest(vendor):
				offer = read_catalogue(EXAMPLES / f"{vendor}.yaml")
				put(records_of(offer))
				records = CatalogueRecords()
				for name, plan in offer.engine_plans().items():
					self.assertEqual(records.plan(name), plan)
				packs = offer.engine_packs()
				self.assertEqual(records.packs(packs), packs)
				for name, policy in offer.engine_dunning_policies().items():
					self.assertEqual(records.dunning(name), policy)
				frappe.db.rollback()

	def test_importing_twice_changes_nothing(self):
		for vendor in VENDORS:
			with self.subTest(vendor):
				offer = read_catalogue(EXAMPLES / f"{vendor}.yaml")
				first = imported(offer)
				before = stamps()
				self.assertEqual(imported(offer), Counter(unchanged=sum(first.values())))
				self.assertEqual(stamps(), before)
				frappe.db.rollback()

	def test_every_kind_of_policy_is_stored(self):
		counts = put(records_of(catalogue()))
		created = {doctype: count["created"] for doctype, count in counts.items()}
		self.assertEqual(created, {
			"Holiday List": 1, "Service Calendar": 2, "Dunning Policy": 1, "Backup Policy": 2,
			"SLA Policy": 2, "Service Module": 1, "Pack": 2, "Plan": 1, "Support Topic": 1,
		})  # fmt: skip
		office = frappe.get_doc("Service Calendar", "_Test office")
		self.assertEqual((office.time_zone, len(office.windows)), ("America/La_Paz", 10))
		self.assertEqual(str(office.windows[1].end), "1 day, 0:00:00")
		holidays = frappe.get_doc("Holiday List", office.holiday_list)
		self.assertEqual([str(row.holiday_date) for row in holidays.holidays], ["2026-02-02", "2027-01-01"])
		self.assertEqual((str(holidays.from_date), str(holidays.to_date)), ("2026-01-01", "2027-12-31"))
		gold = frappe.get_doc("SLA Policy", "_Test gold")
		targets = [(row.severity, row.response_minutes, row.resolution_minutes) for row in gold.targets]
		self.assertEqual(targets, [("1", 30, 240), ("2", 240, 0)])
		self.assertEqual((gold.hour_cap_minutes, gold.uses_credits), (1200, 0))
		credits = frappe.get_doc("SLA Policy", "_Test credits")
		self.assertEqual((credits.uses_credits, credits.minimum_query, credits.low_balance), (1, 20, 30))
		self.assertEqual(frappe.db.get_value("Backup Policy", "_Test often", "every_hours"), 6)
		self.assertEqual(frappe.db.get_value("Backup Policy", "_Test twice", "restore_within_minutes"), 120)
		functions = frappe.get_doc("Service Module", "_Test sales").functions
		self.assertEqual(
			[(row.function, row.needs_online) for row in functions], [("Import", 0), ("E-invoicing", 1)]
		)
		self.assertEqual(frappe.db.get_value("Support Topic", "_Test import", "offer"), "_Test consulting")

	def test_plans_and_packs_get_an_item_to_be_invoiced_with(self):
		imported(catalogue())
		for doctype, name in (("Plan", "_Test small"), ("Pack", "_Test user")):
			self.assertEqual(frappe.db.get_value(doctype, name, "item"), name)
			self.assertEqual(frappe.db.get_value("Item", name, "is_stock_item"), 0)

	def test_only_what_changed_in_the_file_is_written(self):
		imported(catalogue())
		before = stamps()
		dearer = catalogue(CATALOGUE.replace("Yearly: 1100.00", "Yearly: 1150.00"))
		self.assertEqual(put(records_of(dearer))["Plan"], Counter(changed=1))
		after = stamps()
		changed = {doctype for doctype in before if before[doctype] != after[doctype]}
		self.assertEqual(changed & set(DOCTYPES), {"Plan"})
		prices = {
			(row.interval, str(row.valid_from)): row.price
			for row in frappe.get_doc("Plan", "_Test small").prices
		}
		self.assertEqual(prices, {
			("Half-Yearly", "None"): 600.10, ("Yearly", "None"): 1150, ("Yearly", "2027-01-01"): 1200
		})  # fmt: skip

	def test_a_row_taken_out_of_the_file_is_taken_out_of_the_record(self):
		imported(catalogue())
		put(records_of(catalogue(CATALOGUE.replace("remind_days: [1, 5], ", "remind_days: [5], "))))
		days = frappe.get_doc("Dunning Policy", "_Test strict").remind_days
		self.assertEqual([row.day for row in days], [5])

	def test_what_a_file_cannot_say_is_kept(self):
		imported(catalogue())
		plan = frappe.get_doc("Plan", "_Test small")
		frappe.get_doc({"doctype": "Hosting Pool", "pool_name": "A"}).insert(ignore_if_duplicate=True)
		plan.update({"description": "<p>Ours</p>", "disabled": 1, "server_pool": "A", "item": "_Test user"})
		plan.save()
		put(records_of(catalogue(CATALOGUE.replace("tier: 1", "tier: 3"))))
		plan.reload()
		self.assertEqual(
			(plan.tier, plan.description, plan.disabled, plan.server_pool, plan.item),
			(3, "<p>Ours</p>", 1, "A", "_Test user"),
		)

	def test_prices_in_another_currency_are_kept(self):
		imported(catalogue())
		plan = frappe.get_doc("Plan", "_Test small")
		plan.append("prices", {"interval": "Yearly", "currency": "EUR", "price": 1000})
		for row in [row for row in plan.quotas if row.excess == "Bill"]:
			held = {
				field: row.get(field) for field in ("metric", "included", "per_module", "aggregate", "excess")
			}
			plan.append("quotas", {**held, "currency": "EUR", "price": 9})
		plan.save()
		quotas = len(plan.quotas)
		self.assertEqual(imported(catalogue())["changed"], 0)
		self.assertEqual(len(frappe.get_doc("Plan", "_Test small").quotas), quotas)
		put(records_of(catalogue(CATALOGUE.replace("Yearly: 1100.00", "Yearly: 1150.00"))))
		prices = {(row.currency, row.price) for row in frappe.get_doc("Plan", "_Test small").prices}
		self.assertEqual(prices, {("USD", 600.10), ("USD", 1150), ("USD", 1200), ("EUR", 1000)})

	def test_two_names_that_the_database_takes_for_one_are_refused(self):
		imported(catalogue())
		with self.assertRaisesRegex(frappe.ValidationError, "only in accents or capitals"):
			put(records_of(catalogue(CATALOGUE.replace("_Test small", "_Test SMÁLL"))))

	def test_modules_named_by_plans_alone_are_made(self):
		text = CATALOGUE.replace(
			"modules:\n  _Test sales: {functions: [Import], needs_online: [E-invoicing]}\n", ""
		)
		imported(catalogue(text))
		self.assertTrue(frappe.db.exists("Service Module", "_Test sales"))

	def test_what_a_record_cannot_hold_is_refused_with_its_place(self):
		for old, new, place in (
			("every: 6h", "every: 90m", "backup_policies._Test often.every"),
			(
				"restrict_after_days: 10",
				"restrict_after_days: 0",
				"dunning_policies._Test strict.restrict_after_days",
			),
		):
			with self.subTest(new), self.assertRaisesRegex(FileError, place):
				list(records_of(catalogue(CATALOGUE.replace(old, new))))

	def test_records_of_a_demo_leave_existing_ones_alone(self):
		imported(catalogue())
		other = catalogue(CATALOGUE.replace("tier: 1", "tier: 3"))
		counts = put(records_of(other), keep_existing=True)
		self.assertEqual(sum(counts.values(), Counter())["changed"], 0)
		self.assertEqual(frappe.db.get_value("Plan", "_Test small", "tier"), 1)


class TestCommand(FrappeTestCase):
	"""The command itself, in a process of its own; what it commits is taken away again."""

	def run_command(self, text: str, *arguments: str, command: str = "import-catalogue"):
		with TemporaryDirectory() as folder:
			path = Path(folder) / "catalogue.yaml"
			path.write_text(text, encoding="utf-8")
			call = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site]
			return subprocess.run(
				[*call, command, str(path), *arguments],
				cwd=frappe.local.sites_path,
				env={**os.environ, "PYTHONPATH": str(EXAMPLES.parent)},
				capture_output=True,
				text=True,
				timeout=120,
				check=False,
			)

	def assert_one_line(self, done: subprocess.CompletedProcess, words: str):
		self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
		self.assertRegex(done.stderr, words)
		self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

	def test_it_says_what_it_did_and_does_it_once(self):
		text = "name: x\ncurrency: USD\nmodules: {_Test by command: {functions: [A, B]}}\n"
		try:
			done = self.run_command(text)
			self.assertEqual(
				(done.returncode, done.stdout), (0, "Service Module: 1 created, 0 changed, 0 unchanged\n")
			)
			done = self.run_command(text)
			self.assertEqual(done.stdout, "Service Module: 0 created, 0 changed, 1 unchanged\n")
			done = self.run_command(text.replace("B]", "C]"))
			self.assertEqual(done.stdout, "Service Module: 0 created, 1 changed, 0 unchanged\n")
		finally:
			frappe.db.rollback()
			frappe.delete_doc_if_exists("Service Module", "_Test by command", force=True)
			frappe.db.commit()

	def test_a_mistake_in_the_file_is_one_line_and_writes_nothing(self):
		text = "name: x\ncurrency: USD\nmodules: {_Test none: {}}\nplans: {P: {kind: Rental}}\n"
		self.assert_one_line(self.run_command(text), r"catalogue\.yaml: plans\.P\.kind: Rental is not known")

	def test_what_a_record_refuses_is_one_line_and_rolls_everything_back(self):
		text = (
			"name: x\ncurrency: USD\nmodules: {_Test none: {}}\n"
			"sla_policies: {_Test fax: {calendar: c, channels: [fax]}}\ncalendars: {c: {always: true}}\n"
		)
		self.assert_one_line(self.run_command(text), "Channel.*fax")
		frappe.db.rollback()
		for doctype, name in (("Service Module", "_Test none"), ("Service Calendar", "c")):
			self.assertFalse(frappe.db.exists(doctype, name))

	def test_a_missing_file_is_one_line(self):
		call = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site]
		done = subprocess.run(
			[*call, "import-catalogue", "none.yaml"],
			cwd=frappe.local.sites_path,
			capture_output=True,
			text=True,
			timeout=120,
			check=False,
		)
		self.assert_one_line(done, "none.yaml: No such file or directory")

	def test_simulating_from_a_bench_prints_what_simulating_without_one_does(self):
		text = (EXAMPLES / "es.yaml").read_text(encoding="utf-8")
		done = self.run_command(text, "--json", "--until", "2026-03-31", command="simulate-subscriptions")
		self.assertEqual((done.returncode, done.stderr), (0, ""))
		self.assertEqual(frappe.parse_json(done.stdout)["summary"]["contracts"]["ES-1"]["paid"], "90.00")

	def test_simulating_a_bad_file_is_one_line(self):
		self.assert_one_line(
			self.run_command("name: x\n", command="simulate-subscriptions"), "currency: is missing"
		)


class TestPolicies(FrappeTestCase):
	"""What a person types in Desk is refused as a file is."""

	REFUSED = (
		(
			{"doctype": "Dunning Policy", "policy_name": "_Test D", "remind_days": [{"day": -1}]},
			"-1 must not be negative",
		),
		(
			{
				"doctype": "Dunning Policy",
				"policy_name": "_Test D",
				"delete_after_restriction_days": 30,
				"deletion_notice_days": [{"day": 31}],
			},
			"would come before the restriction",
		),
		(
			{"doctype": "SLA Policy", "policy_name": "_Test S", "hour_cap_minutes": -1},
			"must not be negative",
		),
		(
			{
				"doctype": "SLA Policy",
				"policy_name": "_Test S",
				"targets": [{"severity": "1", "response_minutes": 30}],
			},
			"Choose the service calendar",
		),
		(
			{"doctype": "SLA Policy", "policy_name": "_Test S", "uses_credits": 1, "credit_block": 0},
			"at least 1 credit",
		),
		(
			{
				"doctype": "SLA Policy",
				"policy_name": "_Test S",
				"targets": [{"severity": "1"}, {"severity": "1"}],
			},
			"two targets for severity 1",
		),
		(
			{"doctype": "Support Topic", "topic_name": "_Test T", "scope": "Excluded", "flat_credits": 120},
			"costs no flat credits",
		),
		(
			{"doctype": "Support Topic", "topic_name": "_Test T", "scope": "Included", "flat_credits": -1},
			"must not be negative",
		),
		(
			{
				"doctype": "Service Module",
				"module_name": "_Test M",
				"functions": [{"function": "Import"}, {"function": "Import"}],
			},
			"lists Import twice",
		),
		(
			{
				"doctype": "Service Calendar",
				"calendar_name": "_Test C",
				"windows": [{"weekday": "Monday", "start": "24:00:00", "end": "24:00:00"}],
			},
			"must end after it starts",
		),
	)

	def test_figures_that_contradict_each_other_are_refused(self):
		for values, words in self.REFUSED:
			with self.subTest(words), self.assertRaisesRegex(frappe.ValidationError, words):
				frappe.get_doc(values).insert()

	def tearDown(self):
		frappe.db.rollback()
