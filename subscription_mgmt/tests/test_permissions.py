"""Does a customer see what is his, and nothing of another's, by whichever door? For every DocType with a customer."""

from collections.abc import Callable

import frappe
import frappe.client
from frappe.api.v1 import read_doc
from frappe.desk import reportview
from frappe.desk.form.load import getdoc
from frappe.desk.form.utils import add_comment
from frappe.desk.search import search_link
from frappe.tests.utils import FrappeTestCase
from frappe.utils.print_format import download_pdf
from frappe.www.printview import get_html_and_style

from subscription_mgmt.tests.records import make_customer, make_user, roll_back, row_of

MODULE = "Subscription Mgmt"
ANN, BOB, NOBODY = "ann@a.example", "bob@b.example", "nobody@c.example"


def ours(**filters: object) -> list[str]:
	return frappe.get_all("DocType", {"module": MODULE, "istable": 0, "issingle": 0, **filters}, pluck="name")


def of_customers() -> list[str]:
	return [doctype for doctype in ours() if frappe.get_meta(doctype).has_field("customer")]


def open_to_customers() -> list[str]:
	"""DocTypes that the role Customer may read, each user his own rows of."""
	readable = {"role": "Customer", "read": 1, "permlevel": 0}
	return [
		doctype for doctype in of_customers() if frappe.db.exists("DocPerm", {"parent": doctype, **readable})
	]


class TestPermissions(FrappeTestCase):
	def setUp(self):
		self.addCleanup(roll_back)
		self.addCleanup(frappe.set_user, "Administrator")
		for user in (ANN, BOB, NOBODY):
			make_user(user, "Customer", user_type="Website User")
		self.desk_user = make_user("stranger@example.com", "Accounts Manager")
		make_customer("_Test A", portal_users=[{"user": ANN}])
		make_customer("_Test B", portal_users=[{"user": BOB}])
		self.own = {doctype: row_of(doctype, "_Test A") for doctype in open_to_customers()}
		self.others = {doctype: row_of(doctype, "_Test B") for doctype in open_to_customers()}

	def refused(self, work: Callable[..., object], *args: object, **kwargs: object) -> None:
		with self.assertRaises((frappe.PermissionError, frappe.AuthenticationError)):
			work(*args, **kwargs)
		frappe.clear_messages()

	def test_every_doctype_with_a_customer_is_guarded_in_lists_and_alone(self):
		self.assertGreaterEqual(len(of_customers()), 3)
		for doctype in of_customers():
			for hook in ("permission_query_conditions", "has_permission"):
				with self.subTest(doctype, hook=hook):
					self.assertIn(doctype, frappe.get_hooks(hook))

	def test_a_customer_reads_his_own(self):
		for doctype, name in self.own.items():
			with self.subTest(doctype), self.set_user(ANN):
				self.assertEqual(frappe.client.get(doctype, name)["name"], name)
				self.assertEqual(read_doc(doctype, name).name, name)
				self.assertEqual([row.name for row in frappe.client.get_list(doctype)], [name])

	def test_a_customer_does_not_read_anothers(self):
		for doctype, name in self.others.items():
			with self.subTest(doctype), self.set_user(ANN):
				self.refused(frappe.client.get, doctype, name)
				self.refused(read_doc, doctype, name)
				self.refused(getdoc, doctype, name)
				self.refused(frappe.client.get, doctype, filters={"customer": "_Test B"})

	def test_lists_counts_values_and_searches_hold_nothing_of_anothers(self):
		for doctype, name in self.others.items():
			with self.subTest(doctype), self.set_user(ANN):
				of_b = {"customer": "_Test B"}
				self.assertEqual(frappe.client.get_list(doctype, filters=of_b), [])
				self.assertEqual(frappe.get_list(doctype, or_filters=[["name", "=", name], of_b]), [])
				# frappe.client.get_count asks for no permission, of no DocType: Frappe's own gap.
				self.assertFalse(frappe.client.get_value(doctype, "name", of_b))
				self.assertFalse(frappe.client.get_value(doctype, "customer", name))
				found = {row["value"] for row in search_link(doctype, "", page_length=50)}
				self.assertLessEqual(found, {self.own[doctype]})
				self.assertEqual([row["value"] for row in search_link(doctype, name)], [])

	def test_reports_hold_nothing_of_anothers(self):
		for doctype, name in self.own.items():
			with self.subTest(doctype), self.set_user(ANN):
				fields = frappe.as_json([f"`tab{doctype}`.`name`", f"`tab{doctype}`.`customer`"])
				frappe.local.form_dict = frappe._dict(doctype=doctype, fields=fields)
				rows = reportview.get()
				self.assertEqual(rows["values"], [[name, "_Test A"]])
				frappe.local.form_dict = frappe._dict(doctype=doctype, fields='["name"]', distinct="false")
				self.assertEqual(reportview.get_count(), 1)
				frappe.local.form_dict = frappe._dict(
					doctype=doctype, fields=fields, file_format_type="CSV", title=doctype
				)
				self.refused(reportview.export_query)

	def test_nothing_of_anothers_is_printed(self):
		for doctype, name in self.others.items():
			with self.subTest(doctype), self.set_user(ANN):
				self.refused(get_html_and_style, doctype, name)
				self.refused(download_pdf, doctype, name)

	def test_a_customer_changes_nothing_not_even_his_own(self):
		for doctype in self.own:
			for name in (self.own[doctype], self.others[doctype]):
				with self.subTest(doctype, name=name), self.set_user(ANN):
					self.refused(frappe.client.delete, doctype, name)
					self.refused(frappe.client.set_value, doctype, name, "customer", "_Test A")
					self.refused(frappe.client.insert, {"doctype": doctype, "customer": "_Test A"})
					self.refused(frappe.share.add, doctype, name, ANN, read=1, write=1)
				self.assertTrue(frappe.db.exists(doctype, name))

	def test_a_customer_comments_on_nothing_of_anothers(self):
		for doctype, name in self.others.items():
			with self.subTest(doctype), self.set_user(ANN):
				self.refused(add_comment, doctype, name, "Hello", ANN, "Ann")

	def test_a_user_of_no_customer_sees_nothing(self):
		for doctype, name in self.own.items():
			with self.subTest(doctype), self.set_user(NOBODY):
				self.assertEqual(frappe.client.get_list(doctype), [])
				self.refused(frappe.client.get, doctype, name)

	def test_a_user_of_two_customers_sees_both(self):
		record = frappe.get_doc("Customer", "_Test B")
		record.append("portal_users", {"user": ANN, "portal_role": "Technical"})
		record.save()
		for doctype in self.own:
			with self.subTest(doctype), self.set_user(ANN):
				names = {row.name for row in frappe.client.get_list(doctype)}
				self.assertEqual(names, {self.own[doctype], self.others[doctype]})

	def test_who_is_no_longer_a_portal_user_sees_nothing(self):
		record = frappe.get_doc("Customer", "_Test A")
		record.portal_users = []
		record.save()
		for doctype, name in self.own.items():
			with self.subTest(doctype), self.set_user(ANN):
				self.assertEqual(frappe.client.get_list(doctype), [])
				self.refused(frappe.client.get, doctype, name)

	def test_a_customers_name_with_quotes_finds_no_more(self):
		make_customer("_Test ' or 1=1 -- ", portal_users=[{"user": NOBODY}])
		for doctype in self.own:
			with self.subTest(doctype), self.set_user(NOBODY):
				self.assertEqual(frappe.client.get_list(doctype), [])

	def test_guests_and_people_without_a_role_of_the_app_are_refused(self):
		for doctype, name in self.own.items():
			for user in ("Guest", self.desk_user):
				with self.subTest(doctype, user=user), self.set_user(user):
					self.refused(frappe.client.get, doctype, name)
					self.refused(frappe.client.get_list, doctype)
					self.refused(frappe.client.delete, doctype, name)

	def test_what_is_not_for_customers_is_closed_to_them_as_a_whole(self):
		for doctype in set(ours()) - set(open_to_customers()):
			for user in (ANN, "Guest", self.desk_user):
				with self.subTest(doctype, user=user):
					self.assertFalse(frappe.has_permission(doctype, "read", user=user))
					with self.set_user(user):
						self.refused(frappe.client.get_list, doctype)

	def test_how_his_system_is_run_is_not_for_the_customer(self):
		fields = {
			"Hosted Instance": [
				"hosting_server",
				"provider",
				"apps",
				"administrator_password",
				"backup_policy",
			],
			"Backup Run": ["store", "encryption_key", "problem"],
			"Restore Run": ["scratch_site", "problem"],
		}
		for doctype, hidden in fields.items():
			frappe.db.set_value(doctype, self.own[doctype], {field: "internal" for field in hidden})
			for user, shown in (
				(ANN, set()),
				(make_user("seller@example.com", "Subscription User"), set(hidden)),
			):
				with self.subTest(doctype, user=user), self.set_user(user):
					alone = frappe.client.get(doctype, self.own[doctype])
					read = read_doc(doctype, self.own[doctype]).as_dict()
					listed = frappe.client.get_list(
						doctype, fields=["name", *hidden], filters={"name": self.own[doctype]}
					)[0]
					for found in (alone, read, listed):
						self.assertEqual({field for field in hidden if found.get(field)}, shown)
					if not shown:
						value = frappe.client.get_value(doctype, hidden[0], self.own[doctype])
						self.assertNotIn("internal", frappe.as_json(value))

	def test_settings_are_not_for_customers(self):
		for doctype in frappe.get_all("DocType", {"module": MODULE, "issingle": 1}, pluck="name"):
			with self.subTest(doctype), self.set_user(ANN):
				self.refused(frappe.client.get, doctype)

	def test_people_of_the_app_see_all(self):
		user = make_user("subscription-user@example.com", "Subscription User")
		for doctype in self.own:
			with self.subTest(doctype), self.set_user(user):
				names = {row.name for row in frappe.client.get_list(doctype, limit_page_length=0)}
				self.assertLessEqual({self.own[doctype], self.others[doctype]}, names)
