"""Is a licence sold, changed and proved on a site with real invoices and real keys?"""

import json
import subprocess
import sys
import tempfile
from datetime import date, datetime, timezone
from pathlib import Path

import frappe
from frappe.model.document import Document

from subscription_mgmt import licence_key
from subscription_mgmt.adapters import licence_keys
from subscription_mgmt.adapters.licence_records import sign_again
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api import licence as api
from subscription_mgmt.engine.deployment import Deployment
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.add_licence_modules import add_licence_modules
from subscription_mgmt.services.buy_licence import buy_licence
from subscription_mgmt.services.renew_updates import renew_updates
from subscription_mgmt.services.set_deployment import set_deployment
from subscription_mgmt.tests.records import (
	COMPANY,
	CURRENCY,
	charges_of,
	clock_at,
	invoices_of,
	ledger_of,
	make_customer,
	make_pack,
	make_plan,
	make_user,
)
from subscription_mgmt.tests.test_billing import BillingTestCase, started

SALE = date(2026, 4, 15)
NOW = datetime(2026, 4, 15, tzinfo=timezone.utc)


def make_service_module(name: str, *functions: str, online: tuple[str, ...] = ()) -> str:
	if not frappe.db.exists("Service Module", name):
		rows = [{"function": each, "needs_online": int(each in online)} for each in (*functions, *online)]
		frappe.get_doc({"doctype": "Service Module", "module_name": name, "functions": rows}).insert()
	return name


def make_licence_plan() -> str:
	make_service_module("_Test Sales")
	make_service_module("_Test Invoicing", online=("E-invoicing",))
	return make_plan(
		"_Test Enterprise",
		kind="Licence",
		prices={"Once": 5000},
		modules=[{"service_module": "_Test Sales"}, {"service_module": "_Test Invoicing"}],
		functions=[{"function": "Import"}],
		updates_months=12,
	).name


def make_hosting_plan() -> str:
	return make_plan("_Test Hosting", kind="Hosting", prices={"Yearly": 300}).name


def make_licence(**values: object) -> Document:
	licence = {
		"doctype": "Licence",
		"customer": values.get("customer") or make_customer(),
		"company": COMPANY,
		"plan": make_licence_plan(),
		"currency": CURRENCY,
	}
	return frappe.get_doc({**licence, **values}).insert()


def sold(**values: object) -> str:
	licence = make_licence(**values)
	buy_licence(licence.name, SALE, site_ports())
	return licence.name


def read(licence: str) -> Document:
	return frappe.get_doc("Licence", licence)


def invoices_for(licence: str) -> list[Document]:
	names = frappe.get_all(
		"Sales Invoice", {"licence": licence}, pluck="name", order_by="creation, is_return"
	)
	return [frappe.get_doc("Sales Invoice", name) for name in names]


def verified(key: str) -> licence_key.VerifiedKey:
	return licence_key.verify(key, licence_keys.trusted_keys(), NOW)


class TestSale(BillingTestCase):
	def test_a_sale_makes_one_submitted_invoice_and_a_key_that_states_what_was_bought(self):
		name = sold()
		(invoice,) = invoices_for(name)
		self.assertEqual(
			(invoice.docstatus, invoice.net_total, invoice.subscription_contract), (1, 5000, None)
		)
		self.assertEqual(invoice.items[0].item_code, "_Test Enterprise")
		self.assertEqual(sum(ledger_of(invoice.name).values()), 0)
		licence = read(name)
		self.assertEqual((licence.status, str(licence.updates_until)), ("Issued", "2027-04-15"))
		self.assertEqual([row.service_module for row in licence.modules], ["_Test Sales", "_Test Invoicing"])
		entitlement = verified(licence.key).entitlement
		self.assertEqual((entitlement.licence, entitlement.edition), (name, "_Test Enterprise"))
		self.assertEqual(entitlement.functions, ("Import", "E-invoicing"))
		(charge,) = frappe.get_all("Contract Charge", {"licence": name}, ["kind", "sales_invoice", "amount"])
		self.assertEqual((charge.kind, charge.sales_invoice, charge.amount), ("licence", invoice.name, 5000))

	def test_the_button_sells_on_the_vendors_day(self):
		name = make_licence().name
		with clock_at(SALE):
			api.sell(name)
		self.assertEqual((read(name).status, read(name).sold_on), ("Issued", SALE))
		with self.assertRaisesRegex(frappe.ValidationError, "not possible now"):
			api.sell(name)

	def test_a_licence_is_sold_once(self):
		name = sold()
		with self.assertRaises(DomainError) as refusal:
			buy_licence(name, SALE, site_ports())
		self.assertEqual(refusal.exception.code, "licence_move_refused")
		self.assertEqual(len(invoices_for(name)), 1)

	def test_a_converted_subscription_is_credited_and_its_instance_hosted(self):
		contract = started(instance="acme.example")
		name = sold(converted_from=contract, hosting_plan=make_hosting_plan())

		credit = next(invoice for invoice in invoices_for(name) if invoice.is_return)
		self.assertEqual(credit.net_total, -354.70)
		self.assertEqual(credit.return_against, invoices_of(contract)[0].name)
		status = frappe.db.get_value("Subscription Contract", contract, ["status", "ends_on"])
		self.assertEqual(status, ("Cancelled", SALE))
		hosting = frappe.get_doc("Subscription Contract", read(name).hosting_contract)
		self.assertEqual(
			(hosting.status, hosting.plan, hosting.interval), ("Active", "_Test Hosting", "Yearly")
		)
		self.assertEqual((hosting.instance, hosting.company), ("acme.example", COMPANY))
		self.assertEqual(invoices_of(hosting.name)[0].net_total, 300)

	def test_a_subscription_is_converted_once(self):
		contract = started()
		first = sold(converted_from=contract)
		second = make_licence(converted_from=contract)
		charges = len(charges_of(contract))
		with self.assertRaises(DomainError) as refusal:
			buy_licence(second.name, SALE, site_ports())
		self.assertEqual(refusal.exception.code, "converted_before")
		self.assertEqual(refusal.exception.context["licence"], first)
		self.assertEqual(len(charges_of(contract)), charges)
		self.assertEqual(read(second.name).status, "Draft")

	def test_a_plan_that_is_no_licence_is_refused_on_saving(self):
		with self.assertRaisesRegex(frappe.ValidationError, "kind Subscription"):
			make_licence(plan=make_plan().name)

	def test_charges_of_a_cancelled_invoice_wait_and_are_invoiced_again(self):
		name = sold()
		(invoice,) = invoices_for(name)
		invoice.cancel()
		waiting = {"licence": name, "sales_invoice": ["is", "not set"]}
		self.assertEqual(frappe.db.count("Contract Charge", waiting), 1)
		with clock_at(SALE):
			(again,) = api.invoice_again(name)
		self.assertEqual(frappe.db.get_value("Sales Invoice", again, "net_total"), 5000)
		self.assertEqual(frappe.db.count("Contract Charge", waiting), 0)
		self.assertEqual(api.invoice_again(name), [])


class TestChanges(BillingTestCase):
	def test_local_loses_what_needs_to_be_online_and_online_returns_it(self):
		name = sold()
		before = read(name).key
		set_deployment(name, Deployment.LOCAL, SALE, site_ports())
		self.assertEqual(verified(read(name).key).entitlement.functions, ("Import",))
		works = {row.function: row.works for row in read(name).functions}
		self.assertEqual(works, {"Import": 1, "E-invoicing": 0})
		set_deployment(name, Deployment.ONLINE, SALE, site_ports())
		self.assertEqual(verified(read(name).key).entitlement.functions, ("Import", "E-invoicing"))
		self.assertNotEqual(read(name).key, before)

	def test_hosting_ends_with_its_period_while_local_and_goes_on_when_online_again(self):
		name = sold(hosting_plan=make_hosting_plan())
		hosting = read(name).hosting_contract
		set_deployment(name, Deployment.LOCAL, SALE, site_ports())
		ends_on = frappe.db.get_value("Subscription Contract", hosting, "ends_on")
		self.assertEqual(str(ends_on), "2027-04-15")
		set_deployment(name, Deployment.ONLINE, SALE, site_ports())
		self.assertIsNone(frappe.db.get_value("Subscription Contract", hosting, "ends_on"))

	def test_modules_and_updates_are_added_priced_by_packs(self):
		module = make_service_module("_Test HR", "Payroll")
		pack = make_pack("_Test Module", kind="Other", one_off=1, per_module=1, prices={"Once": 700}).name
		updates = make_pack("_Test Updates", kind="Other", one_off=1, prices={"Once": 400}).name
		name = sold()
		add_licence_modules(name, [module], pack, SALE, site_ports())
		renew_updates(name, None, updates, SALE, site_ports())
		self.assertEqual([invoice.net_total for invoice in invoices_for(name)], [5000, 700, 400])
		licence = read(name)
		self.assertEqual(str(licence.updates_until), "2028-04-15")
		self.assertIn("Payroll", verified(licence.key).entitlement.functions)

	def test_a_sold_licence_is_not_edited_by_hand(self):
		licence = read(sold())
		for field, value in {"deployment": "Local", "updates_until": "2040-01-01", "status": "Draft"}.items():
			edited = read(licence.name)
			edited.set(field, value)
			with self.assertRaisesRegex(frappe.ValidationError, "not edited by hand"):
				edited.save()
		edited = read(licence.name)
		edited.append("functions", {"function": "Everything", "works": 1})
		with self.assertRaisesRegex(frappe.ValidationError, "not edited by hand"):
			edited.save()
		with self.assertRaisesRegex(frappe.ValidationError, "Revoke it"):
			licence.delete()

	def test_a_draft_brings_nothing_along_into_its_sale(self):
		module = make_service_module("_Test HR", "Payroll")
		contract = started()
		smuggled = {
			"hosting_contract": contract,
			"updates_until": "2040-01-01",
			"modules": [{"service_module": module}],
			"functions": [{"function": "Everything", "works": 1}],
		}
		licence = read(sold(**smuggled))
		self.assertEqual((licence.hosting_contract, str(licence.updates_until)), (None, "2027-04-15"))
		self.assertEqual([row.function for row in licence.functions], ["Import", "E-invoicing"])
		self.assertNotIn(module, [row.service_module for row in licence.modules])

	def test_a_copy_of_a_sold_licence_is_a_draft_with_nothing(self):
		copy = frappe.copy_doc(read(sold())).insert()
		self.assertEqual((copy.status, copy.key, copy.modules), ("Draft", None, []))


class TestKeys(BillingTestCase):
	def test_after_a_rotation_new_keys_are_signed_anew_and_old_ones_stay_good(self):
		name = sold()
		old = read(name).key
		pair = api.rotate_signing_key()
		sign_again(name)
		new = read(name)
		self.assertEqual((verified(new.key).kid, new.signed_with), (pair, pair))
		self.assertEqual(verified(old).entitlement.licence, name)

	def test_a_withdrawn_pair_is_trusted_no_more(self):
		name = sold()
		old = read(name)
		self.assertIn(name, licence_keys.withdraw(old.signed_with))
		with self.assertRaises(DomainError) as refusal:
			verified(old.key)
		self.assertEqual(refusal.exception.code, "key_unknown_signer")
		sign_again(name)
		self.assertEqual(verified(read(name).key).entitlement.licence, name)

	def test_the_private_key_is_stored_encrypted_and_not_in_the_table(self):
		sold()
		name = frappe.db.get_value("Licence Signing Key", {"status": "Active"})
		shown = frappe.get_doc("Licence Signing Key", name).as_dict()
		self.assertEqual(set(shown.private_key), {"*"})
		encrypted = frappe.db.sql(
			"select `password` from `__Auth` where doctype='Licence Signing Key' and name=%s", name
		)[0][0]
		self.assertNotIn(frappe.utils.password.decrypt(encrypted), encrypted)

	def test_an_installation_fetches_its_current_entitlement_with_an_older_key(self):
		name = sold()
		old = read(name).key
		set_deployment(name, Deployment.LOCAL, SALE, site_ports())
		with self.as_guest():
			answer = api.entitlement(key=old)
		self.assertEqual(answer["entitlement"]["deployment"], "Local")
		self.assertEqual(verified(answer["key"]).entitlement.functions, ("Import",))

	def test_a_forged_or_revoked_key_fetches_nothing(self):
		name = sold()
		key = read(name).key
		head, _claims, signature = key.split(".")
		other = read(sold(customer=make_customer("_Test Other Buyer"))).key.split(".")[1]
		for shown, code in {f"{head}.{other}.{signature}": "key_forged", "nonsense": "key_malformed"}.items():
			with self.as_guest(), self.assertRaises(frappe.PermissionError):
				api.entitlement(key=shown)
			self.assertEqual(frappe.local.response["code"], code)
		api.revoke(name, "Resold")
		with self.as_guest(), self.assertRaises(frappe.PermissionError):
			api.entitlement(key=key)
		self.assertEqual(frappe.local.response["code"], "key_revoked")

	def test_what_the_site_hands_out_is_verified_offline_without_frappe(self):
		name = sold()
		run = self.verify_offline(read(name).key)
		self.assertEqual(run.returncode, 0, run.stderr)
		self.assertIn(f"Genuine: licence {name} of _Test Acme, _Test Enterprise, Online", run.stdout)
		api.revoke(name, "Resold")
		run = self.verify_offline(read(name).key)
		self.assertEqual(run.returncode, 1)
		self.assertIn("key_revoked", run.stderr)

	def verify_offline(self, key: str) -> subprocess.CompletedProcess:
		with self.as_guest():
			handed_out = {"keys": api.public_keys(), "revoked": api.revocation_list()}
		with tempfile.TemporaryDirectory() as folder:
			for file, answer in handed_out.items():
				Path(folder, f"{file}.json").write_text(json.dumps({"message": answer}))
			Path(folder, "key").write_text(key)
			options = ["--keys", f"{folder}/keys.json", "--revoked", f"{folder}/revoked.json"]
			command = [sys.executable, "-m", "subscription_mgmt", "verify-licence", f"{folder}/key", *options]
			app = Path(frappe.get_app_path("subscription_mgmt")).parent
			return subprocess.run(command, capture_output=True, text=True, cwd=app, timeout=60)

	def as_guest(self):
		return self.set_user("Guest")


class TestRights(BillingTestCase):
	def test_a_customer_sees_his_own_licences_and_changes_none(self):
		user = make_user("licence.buyer@example.com", "Customer", user_type="Website User")
		mine, other = make_customer("_Test Buyer"), make_customer("_Test Stranger")
		frappe.get_doc("Customer", mine).append("portal_users", {"user": user})
		customer = frappe.get_doc("Customer", mine)
		customer.append("portal_users", {"user": user})
		customer.save()
		own, foreign = sold(customer=mine), sold(customer=other)
		with self.set_user(user):
			self.assertEqual(frappe.get_list("Licence", pluck="name"), [own])
			self.assertTrue(frappe.has_permission("Licence", "read", own))
			self.assertFalse(frappe.has_permission("Licence", "read", foreign))
			with self.assertRaises(frappe.PermissionError):
				api.revoke(own, "no")
		self.assertEqual(read(own).status, "Issued")

	def test_only_managers_revoke_and_rotate(self):
		name = sold()
		user = make_user("licence.seller@example.com", "Subscription User")
		with self.set_user(user):
			for forbidden in (lambda: api.revoke(name, "x"), api.rotate_signing_key):
				with self.assertRaises(frappe.PermissionError):
					forbidden()
		self.assertEqual(read(name).status, "Issued")
