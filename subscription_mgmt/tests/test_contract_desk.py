"""What may a person in Desk, or a program with his key, do to a contract, and what is he told when he may not?"""

import inspect
from datetime import date

import frappe
import frappe.client
from frappe.handler import execute_cmd
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.api import contract as buttons
from subscription_mgmt.tests.records import (
	charges_of,
	clock_at,
	contract_of,
	invoices_of,
	make_contract,
	make_customer,
	make_module,
	make_pack,
	make_plan,
	make_user,
	price_rows,
	roll_back,
	settings,
	state_of,
)
from subscription_mgmt.tests.test_billing import START, make_terms, started

NEXT = date(2026, 2, 28)
MODULE = "subscription_mgmt.api.contract"


class DeskTestCase(FrappeTestCase):
	def setUp(self):
		self.addCleanup(roll_back)
		self.addCleanup(frappe.set_user, "Administrator")
		frappe.db.set_value("Sales Taxes and Charges Template", {"is_default": 1}, "is_default", 0)
		self.user = make_user("subscription-user@example.com", "Subscription User")
		self.manager = make_user("subscription-manager@example.com", "Subscription Manager")
		self.stranger = make_user("stranger@example.com", "Accounts Manager")

	def call(self, user: str, method: str, verb: str = "POST", **arguments: object) -> object:
		"""As a request of `user` reaches it."""
		with self.set_user(user):
			frappe.local.request = frappe._dict(method=verb)
			frappe.local.form_dict = frappe._dict(arguments)
			try:
				return execute_cmd(method)
			finally:
				del frappe.local.request

	def assert_refused(
		self, words: str, error: type[Exception], work, *args: object, **kwargs: object
	) -> None:
		frappe.db.savepoint("untouched")
		with self.assertRaises(error) as refused:
			work(*args, **kwargs)
		frappe.db.rollback(save_point="untouched")
		self.assertIn(words, frappe.utils.strip_html(str(refused.exception)))


class TestButtons(DeskTestCase):
	def test_a_subscription_user_makes_a_contract_and_presses_every_button(self):
		pack = make_pack().name
		plan, customer = make_plan().name, make_customer()
		with self.set_user(self.user):
			contract = contract_of(interval="Monthly", plan=plan, customer=customer).insert().name
		with clock_at(START):
			self.call(self.user, f"{MODULE}.activate", contract=contract)
			self.call(self.user, f"{MODULE}.add_pack", contract=contract, pack=pack, quantity="2")
			self.call(self.user, f"{MODULE}.remove_pack", contract=contract, pack=pack, quantity="1")
			self.call(self.user, f"{MODULE}.set_renewal", contract=contract, renew="0")
			self.call(self.user, f"{MODULE}.set_renewal", contract=contract, renew="1")
			self.call(self.user, f"{MODULE}.park", contract=contract, reason="On his wish")
			self.call(self.user, f"{MODULE}.unpark", contract=contract)
		with clock_at(NEXT):
			self.call(self.user, f"{MODULE}.bill_now", contract=contract)
			preview = self.call(self.user, f"{MODULE}.preview", "GET", contract=contract)
			self.call(self.user, f"{MODULE}.cancel", contract=contract, when="now")
		self.assertEqual([invoice.net_total for invoice in invoices_of(contract)], [100, 20, 110])
		self.assertEqual(len(preview["invoices"]), 3)
		self.assertEqual(frappe.db.get_value("Subscription Contract", contract, "status"), "Cancelled")

	def test_whoever_has_no_role_of_the_app_presses_nothing(self):
		contract = started(interval="Monthly")
		before = state_of(contract)
		pressed = 0
		for name, function in inspect.getmembers(buttons, inspect.isfunction):
			parameters = inspect.signature(function).parameters
			if function not in frappe.whitelisted or "contract" not in parameters:
				continue
			arguments = {
				parameter: contract if parameter == "contract" else "1"
				for parameter, given in parameters.items()
				if given.default is inspect.Parameter.empty
			}
			for user in (self.stranger, "Guest"):
				with self.subTest(name, user=user):
					verb = (
						"GET"
						if "GET" in frappe.allowed_http_methods_for_whitelisted_func[function]
						else "POST"
					)
					with self.assertRaises(frappe.PermissionError):
						self.call(user, f"{function.__module__}.{name}", verb, **arguments)
					pressed += 1
		self.assertGreaterEqual(pressed, 18)
		self.assertEqual(state_of(contract), before)

	def test_several_at_once_are_refused_one_by_one_to_a_stranger(self):
		contract = started(interval="Monthly")
		with clock_at(NEXT):
			answer = self.call(self.stranger, f"{MODULE}.bill_many", contracts=frappe.as_json([contract]))
		self.assertEqual((answer["done"], list(answer["failed"])), ([], [contract]))
		self.assertEqual(len(invoices_of(contract)), 1)

	def test_what_changes_something_is_not_reached_by_a_link(self):
		contract = started(interval="Monthly")
		for name in ("activate", "bill_now", "unpark", "add_pack", "cancel"):
			with self.subTest(name), self.assertRaises(frappe.PermissionError):
				self.call(self.manager, f"{MODULE}.{name}", "GET", contract=contract)

	def test_of_many_the_ones_that_cannot_be_billed_are_named(self):
		good, parked = started(interval="Monthly"), started(interval="Monthly")
		buttons.park(parked, "Test")
		with clock_at(NEXT):
			answer = self.call(
				self.user, f"{MODULE}.bill_many", contracts=frappe.as_json([good, parked, good])
			)
		self.assertEqual(
			answer, {"done": [good], "failed": {parked: f"{parked} is parked. Un-park it to bill it."}}
		)
		self.assertEqual([len(invoices_of(name)) for name in (good, parked)], [2, 1])

	def test_words_that_no_button_sends_are_refused(self):
		contract = started(interval="Monthly")
		for arguments, words in (
			({"when": "yesterday"}, "Choose period_end or now, not yesterday."),
			({"contract": "SUB-none"}, "Subscription Contract SUB-none not found"),
		):
			self.assert_refused(
				words,
				frappe.ValidationError,
				self.call,
				self.user,
				f"{MODULE}.cancel",
				**{"contract": contract, **arguments},
			)


class TestNothingByHand(DeskTestCase):
	def setUp(self):
		super().setUp()
		self.contract = started(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 2}])

	def set_value(self, fieldname: str, value: object, contract: str | None = None) -> None:
		with self.set_user(self.manager):
			frappe.client.set_value("Subscription Contract", contract or self.contract, fieldname, value)

	def test_what_was_agreed_or_is_counted_is_not_edited(self):
		other = make_plan("_Test Other").name
		for field, value in {
			"status": "Cancelled",
			"next_billing_date": "2027-01-01",
			"anchor": "2026-01-01",
			"trial_until": "2027-01-01",
			"commitment_until": "2027-01-01",
			"plan": other,
			"interval": "Yearly",
			"start_date": "2025-01-01",
			"ends_on": "2027-01-01",
			"auto_renew": 0,
			"has_agreed_price": 1,
			"agreed_price": 1,
			"parked": 1,
			"parked_reason": "Because",
			"billing_failures": 9,
			"changes": 9,
		}.items():
			with self.subTest(field):
				self.assert_refused(
					"is not edited by hand. Use the buttons",
					frappe.ValidationError,
					self.set_value,
					field,
					value,
				)

	def test_customer_company_and_currency_never_change(self):
		for field, value in {"customer": make_customer("_Test Other"), "currency": "EUR"}.items():
			with self.subTest(field):
				self.assert_refused("", frappe.ValidationError, self.set_value, field, value)
		self.assertEqual(frappe.db.get_value("Subscription Contract", self.contract, "currency"), "USD")

	def test_notes_and_the_instance_are_edited(self):
		self.set_value("notes", "Calls on Mondays")
		self.set_value("instance", "acme.example.com")
		row = frappe.db.get_value("Subscription Contract", self.contract, ["notes", "instance"])
		self.assertEqual(row, ("Calls on Mondays", "acme.example.com"))

	def test_packs_are_not_edited_by_form_rows_or_the_api(self):
		record = frappe.get_doc("Subscription Contract", self.contract)
		(row,) = record.packs
		more = record.as_dict() | {"packs": [row.as_dict() | {"quantity": 1}]}
		none = record.as_dict() | {"packs": []}
		words = "Packs of a running contract are not edited by hand. Use Add pack and Remove pack."
		with self.set_user(self.manager):
			for document in (more, none):
				self.assert_refused(
					words, frappe.ValidationError, frappe.client.save, frappe.as_json(document)
				)
			self.assert_refused(
				words,
				frappe.ValidationError,
				frappe.client.set_value,
				"Contract Pack",
				row.name,
				"quantity",
				9,
			)
			self.assert_refused(
				words,
				frappe.ValidationError,
				frappe.client.insert,
				{
					"doctype": "Contract Pack",
					"parent": self.contract,
					"parenttype": "Subscription Contract",
					"parentfield": "packs",
					"pack": row.pack,
					"quantity": 1,
				},
			)
			self.assert_refused(
				words, frappe.ValidationError, frappe.client.delete, "Contract Pack", row.name
			)

	def test_a_contract_made_active_by_the_api_is_a_draft(self):
		with self.set_user(self.manager):
			record = contract_of(
				status="Active",
				anchor="2020-01-01",
				next_billing_date="2030-01-01",
				parked=1,
				parked_reason="Test",
				changes=7,
				billing_failures=2,
			).insert()
		record.reload()
		self.assertEqual(
			(record.status, record.anchor, record.next_billing_date, record.parked, record.changes),
			("Draft", None, None, 0, 0),
		)

	def test_a_draft_is_not_made_active_but_by_its_button(self):
		draft = make_contract().name
		for field, value in {
			"status": "Active",
			"next_billing_date": "2026-01-31",
			"parked": 1,
			"changes": 3,
		}.items():
			with self.subTest(field):
				self.assert_refused(
					"is not edited by hand", frappe.ValidationError, self.set_value, field, value, draft
				)
		self.set_value("interval", "Yearly", draft)

	def test_a_duplicate_of_a_running_contract_is_a_draft_that_was_never_charged(self):
		copy = frappe.copy_doc(
			frappe.get_doc("Subscription Contract", self.contract), ignore_no_copy=False
		).insert()
		self.assertEqual(
			(copy.status, copy.next_billing_date, copy.packs[0].billed_until), ("Draft", None, None)
		)
		self.assertEqual(charges_of(copy.name), [])

	def test_what_was_charged_is_not_deleted(self):
		with self.set_user(self.manager):
			self.assert_refused(
				f"{self.contract} was charged for. Cancel it instead of deleting it.",
				frappe.ValidationError,
				frappe.client.delete,
				"Subscription Contract",
				self.contract,
			)
			draft = contract_of().insert().name
			frappe.client.delete("Subscription Contract", draft)
		self.assertFalse(frappe.db.exists("Subscription Contract", draft))

	def test_a_subscription_user_deletes_nothing(self):
		draft = make_contract().name
		with self.set_user(self.user):
			self.assert_refused(
				"", frappe.PermissionError, frappe.client.delete, "Subscription Contract", draft
			)

	def test_charges_are_not_written_or_deleted(self):
		(charge, _pack) = charges_of(self.contract)
		with self.set_user(self.manager):
			for work in (
				lambda: frappe.client.set_value("Contract Charge", charge.name, "amount", 1),
				lambda: frappe.client.delete("Contract Charge", charge.name),
				lambda: frappe.client.insert({"doctype": "Contract Charge", "charge_key": "x"}),
			):
				self.assert_refused("", frappe.PermissionError, work)


class TestPreview(DeskTestCase):
	def assert_comes_true(self, contract: str, today: date, count: int = 3) -> list[dict]:
		"""The preview's invoices, after billing made just those."""
		with clock_at(today):
			promised = self.call(self.user, f"{MODULE}.preview", "GET", contract=contract, count=count)[
				"invoices"
			]
		before = {invoice.name for invoice in invoices_of(contract)}
		for n, invoice in enumerate(promised):
			is_draft = frappe.db.get_value("Subscription Contract", contract, "status") == "Draft"
			with clock_at(date.fromisoformat(invoice["date"])):
				buttons.activate(contract) if n == 0 and is_draft else buttons.bill_now(contract)
		made = [invoice for invoice in invoices_of(contract) if invoice.name not in before]
		self.assertEqual(
			[self.shown(invoice) for invoice in made], [self.promised(invoice) for invoice in promised]
		)
		return promised

	def promised(self, invoice: dict) -> tuple:
		lines = [
			(line["description"], float(line["quantity"]), float(line["rate"]), float(line["amount"]))
			for line in invoice["lines"]
		]
		return invoice["date"], invoice["due_on"], invoice["currency"], float(invoice["total"]), lines

	def shown(self, invoice) -> tuple:
		lines = [(line.description, line.qty, line.rate, line.amount) for line in invoice.items]
		return str(invoice.posting_date), str(invoice.due_date), invoice.currency, invoice.net_total, lines

	def test_of_a_draft_with_packs(self):
		once = make_pack("_Test Setup", prices={"Once": 250}, kind="Other", one_off=1).name
		packs = [{"pack": make_pack().name, "quantity": 3}, {"pack": once, "quantity": 1}]
		promised = self.assert_comes_true(make_contract(interval="Monthly", packs=packs).name, START)
		self.assertEqual([invoice["total"] for invoice in promised], ["380.00", "130.00", "130.00"])

	def test_of_a_draft_that_began_months_ago(self):
		promised = self.assert_comes_true(make_contract(interval="Monthly").name, date(2026, 5, 5), 2)
		self.assertEqual(len(promised[0]["lines"]), 4)

	def test_of_a_trial(self):
		plan = make_plan("_Test Trial", trial_days=14).name
		contract = started(plan=plan, interval="Monthly")
		promised = self.assert_comes_true(contract, START, 2)
		self.assertEqual([invoice["date"] for invoice in promised], ["2026-02-14", "2026-03-14"])

	def test_of_a_running_contract_that_missed_periods_and_ends(self):
		contract = started(interval="Monthly", ends_on="2026-06-10")
		promised = self.assert_comes_true(contract, date(2026, 4, 2), 24)
		self.assertEqual(
			[invoice["date"] for invoice in promised], ["2026-04-02", "2026-04-30", "2026-05-31"]
		)

	def test_of_a_price_that_changes(self):
		prices = price_rows({"Monthly": 100}) + price_rows(
			[{"interval": "Monthly", "price": 120, "valid_from": "2026-03-31"}]
		)
		contract = started(plan=make_plan("_Test Dearer", prices=prices).name, interval="Monthly")
		promised = self.assert_comes_true(contract, date(2026, 2, 1))
		self.assertEqual([invoice["total"] for invoice in promised], ["100.00", "120.00", "120.00"])

	def test_of_a_pack_that_costs_something_on_a_plan_that_does_not(self):
		plan = make_plan("_Test Free", prices={"Monthly": 0}).name
		packs = [{"pack": make_pack().name, "quantity": 1}]
		promised = self.assert_comes_true(
			make_contract(plan=plan, interval="Monthly", packs=packs).name, START
		)
		self.assertEqual([len(invoice["lines"]) for invoice in promised], [1, 1, 1])

	def test_of_a_plan_that_costs_nothing(self):
		plan = make_plan("_Test Free", prices={"Monthly": 0}).name
		self.assertEqual(self.assert_comes_true(make_contract(plan=plan, interval="Monthly").name, START), [])

	def test_of_payment_days_and_terms(self):
		with settings(payment_days=10):
			self.assert_comes_true(make_contract(interval="Yearly").name, START, 1)
		with settings(payment_terms_template=make_terms()):
			self.assert_comes_true(make_contract(interval="Yearly").name, START, 1)

	def test_writes_nothing(self):
		contract = started(interval="Monthly")
		before = state_of(contract)
		with clock_at(date(2026, 6, 1)):
			self.call(self.user, f"{MODULE}.preview", "GET", contract=contract, count=24)
		self.assertEqual(state_of(contract), before)


class TestBadInput(DeskTestCase):
	"""A sentence that says what to do, and nothing stays."""

	def test_of_a_contract(self):
		plan = make_plan().name
		per_module = make_pack("_Test Per Module", per_module=1).name
		user_pack = make_pack().name
		make_customer("_Test Gone", disabled=1)
		licence = make_plan("_Test Licence", kind="Licence", prices={"Once": 900}).name
		old_plan = make_plan("_Test Old", disabled=1).name
		for values, words in (
			({"plan": "Nowhere"}, "Could not find Plan: Nowhere"),
			({"customer": "Nobody"}, "There is no customer Nobody. Choose one of the Customer list."),
			({"currency": "QQQ"}, "Could not find Currency: QQQ"),
			({"interval": "Weekly"}, 'Interval cannot be "Weekly". It should be one of "Monthly"'),
			({"plan": None}, "plan"),
			({"start_date": None}, "start_date"),
			(
				{"currency": "EUR"},
				"_Test Basic has no price for Half-Yearly in EUR on 01-31-2026. Add one to its prices",
			),
			({"interval": "Quarterly"}, "_Test Basic has no price for Quarterly in USD on 01-31-2026."),
			({"customer": "_Test Gone"}, "_Test Gone is disabled. Enable the customer first."),
			(
				{"ends_on": "2026-01-31"},
				"would end on 01-31-2026, not after it starts on 01-31-2026. Choose a later end",
			),
			(
				{"ends_on": "2025-12-31"},
				"not after it starts on 01-31-2026. Choose a later end, or leave it empty.",
			),
			(
				{"time_zone": "Mars/Olympus"},
				"Mars/Olympus is not a time zone. Write one like America/La_Paz.",
			),
			(
				{"plan": licence},
				"_Test Licence is a licence, which is bought and not subscribed to. Choose another plan.",
			),
			({"plan": old_plan}, "_Test Old is disabled. Choose another one, or enable it."),
			({"packs": [{"pack": "Nothing", "quantity": 1}]}, "Could not find Row #1: Pack: Nothing"),
			(
				{"packs": [{"pack": per_module, "quantity": 1}]},
				"_Test Per Module is sold per module. Say for which module.",
			),
			(
				{"packs": [{"pack": user_pack, "quantity": 1, "service_module": make_module()}]},
				"_Test Extra User is not sold per module. Leave the module _Test CRM out.",
			),
			(
				{"packs": [{"pack": user_pack, "quantity": 0}]},
				"_Test Extra User: the quantity is 0. Give a quantity of 1 or more.",
			),
			({"packs": [{"pack": user_pack, "quantity": -1}]}, "Give a quantity of 1 or more."),
		):
			with self.subTest(values):
				contracts = frappe.db.count("Subscription Contract")
				self.assert_refused(
					words,
					frappe.ValidationError,
					contract_of(**{"plan": plan, "customer": make_customer(), **values}).insert,
				)
				self.assertEqual(frappe.db.count("Subscription Contract"), contracts)

	def test_of_a_plan(self):
		monthly = {"interval": "Monthly", "currency": "USD", "price": 10}
		for values, words in (
			({"prices": []}, "_Test Bad has no price. Add one to its prices."),
			({"prices": [{**monthly, "price": -1}]}, "_Test Bad: the price for Monthly is -1"),
			(
				{"prices": [{**monthly, "interval": "Weekly"}]},
				'Interval cannot be "Weekly". It should be one of "Monthly"',
			),
			({"prices": [{**monthly, "currency": "QQQ"}]}, "Could not find Row #1: Currency: QQQ"),
			({"prices": [{**monthly, "price": None}]}, "price"),
			(
				{"prices": [{**monthly, "interval": "Once"}]},
				"_Test Bad recurs: give each price an interval, not Once.",
			),
			(
				{"prices": [monthly], "kind": "Licence"},
				"_Test Bad is sold once: give each price the interval Once.",
			),
			({"prices": [monthly], "kind": "Gift"}, 'cannot be "Gift". It should be one of "Subscription"'),
			({"prices": [monthly, monthly]}, "_Test Bad has two prices for Monthly in USD"),
			(
				{
					"prices": [
						{**monthly, "valid_from": "2026-03-01"},
						{**monthly, "valid_from": "2026-03-01"},
					]
				},
				"_Test Bad has two prices for Monthly in USD valid from 03-01-2026. "
				"Keep one of them, or give the other a later day.",
			),
			({"prices": [monthly], "trial_days": -1}, "_Test Bad: trial_days must not be negative."),
			(
				{"prices": [monthly], "quotas": [{"metric": "users", "included": 1}] * 2},
				"_Test Bad has two quotas for users. Keep one of them.",
			),
			(
				{"prices": [monthly], "modules": [{"service_module": "Nothing"}]},
				"Could not find Row #1: Service Module: Nothing",
			),
		):
			with self.subTest(values):
				plan = frappe.get_doc(
					{"doctype": "Plan", "plan_name": "_Test Bad", "kind": "Subscription", **values}
				)
				self.assert_refused(words, frappe.ValidationError, plan.insert)
				self.assertFalse(frappe.db.exists("Plan", "_Test Bad"))
				self.assertFalse(frappe.db.exists("Item", "_Test Bad"))

	def test_of_a_pack(self):
		monthly = {"interval": "Monthly", "currency": "USD", "price": 10}
		once = {**monthly, "interval": "Once"}
		for values, words in (
			({"prices": []}, "_Test Bad has no price. Add one to its prices."),
			({"prices": [{**monthly, "price": -1}]}, "_Test Bad: the price for Monthly is -1"),
			(
				{"prices": [monthly], "one_off": 1},
				"_Test Bad is sold once: give each price the interval Once.",
			),
			({"prices": [once]}, "_Test Bad recurs: give each price an interval, not Once."),
			(
				{"prices": [monthly], "needs_contract": 0},
				"_Test Bad recurs, so it needs a contract to recur with. Tick Needs Contract, or sell it once.",
			),
			({"prices": [monthly], "quantity": -1}, "_Test Bad: the quantity is -1"),
			(
				{"prices": [once], "one_off": 1, "kind": "Support Credits"},
				"_Test Bad grants no credits. Say how many it grants.",
			),
			({"prices": [monthly], "kind": "Gift"}, 'cannot be "Gift". It should be one of "Users"'),
		):
			with self.subTest(values):
				pack = frappe.get_doc(
					{"doctype": "Pack", "pack_name": "_Test Bad", "kind": "Users", **values}
				)
				self.assert_refused(words, frappe.ValidationError, pack.insert)
				self.assertFalse(frappe.db.exists("Pack", "_Test Bad"))

	def test_of_a_button(self):
		contract = started(interval="Monthly", packs=[{"pack": make_pack().name, "quantity": 2}])
		draft = make_contract().name
		make_pack("_Test Per Module", per_module=1)
		make_pack("_Test Old Pack", disabled=1)
		before = state_of(contract)
		for button, arguments, words in (
			("activate", {}, f"{contract} is Active already. Reload it to see what was done."),
			("activate", {"contract": "SUB-none"}, "SUB-none not found"),
			(
				"add_pack",
				{"pack": "Nothing"},
				"There is no pack Nothing. Choose one of the Pack list, or create it.",
			),
			(
				"add_pack",
				{"pack": "_Test Extra User", "quantity": 0},
				"the quantity is 0. Give a quantity of 1 or more.",
			),
			("add_pack", {"pack": "_Test Extra User", "quantity": "many"}, "Give a quantity of 1 or more."),
			(
				"add_pack",
				{"pack": "_Test Per Module"},
				"_Test Per Module is sold per module. Say for which module.",
			),
			(
				"add_pack",
				{"pack": "_Test Extra User", "contract": draft},
				f"{draft} is a draft. Activate it first.",
			),
			(
				"add_pack",
				{"pack": "_Test Old Pack"},
				"_Test Old Pack is disabled. Choose another one, or enable it.",
			),
			(
				"remove_pack",
				{"pack": "_Test Per Module"},
				f"{contract} has no _Test Per Module (module -) to remove.",
			),
			(
				"remove_pack",
				{"pack": "_Test Extra User", "quantity": 9},
				f"{contract} has 2 of _Test Extra User, so 9 cannot be removed.",
			),
			("set_renewal", {"renew": 0, "contract": draft}, f"{draft} is a draft. Activate it first."),
		):
			with self.subTest(button, **arguments), clock_at(START):
				self.assert_refused(
					words,
					frappe.ValidationError,
					self.call,
					self.user,
					f"{MODULE}.{button}",
					**{"contract": contract, **arguments},
				)
		self.assertEqual(state_of(contract), before)

	def test_a_contract_that_is_over_is_not_changed(self):
		contract = started(interval="Monthly")
		with clock_at(NEXT):
			buttons.cancel(contract, "now")
			before = state_of(contract)
			for button, arguments in (
				("add_pack", {"pack": make_pack().name}),
				("set_renewal", {"renew": 1}),
				("cancel", {"when": "now"}),
				("cancel", {"when": "period_end"}),
			):
				with self.subTest(button):
					self.assert_refused(
						f"{contract} is over (Cancelled). Make a new contract instead.",
						frappe.ValidationError,
						self.call,
						self.user,
						f"{MODULE}.{button}",
						contract=contract,
						**arguments,
					)
		self.assertEqual(state_of(contract), before)
