"""Is everything of one customer closed to another, to guests, and to his own people who only look?

Made from what is there: every DocType of the app, every whitelisted method, every page, files and prints. Nothing has
to be added here for a new one, unless it is open to everybody on purpose, or asks for something no test knows yet.
"""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from unittest import mock

import frappe
import frappe.client
from frappe.api.v1 import read_doc
from frappe.desk import reportview
from frappe.desk.form.load import getdoc
from frappe.desk.form.utils import add_comment
from frappe.desk.search import search_link
from frappe.tests.utils import FrappeTestCase
from frappe.utils import set_request
from frappe.utils.print_format import download_pdf
from frappe.utils.response import download_private_file
from frappe.www.list import get_list_data
from frappe.www.printview import get_html_and_style, validate_print_permission
from werkzeug.exceptions import Forbidden

import subscription_mgmt
from subscription_mgmt.tests.portal import Tenant, get_page, make_tenant, prepare_catalogue
from subscription_mgmt.tests.records import make_user, roll_back, row_of
from subscription_mgmt.tests.test_permissions import of_customers, ours
from subscription_mgmt.tests.test_portal_pages import PAGES

REFUSALS = (frappe.PermissionError, frappe.AuthenticationError, Forbidden)

# What a parameter of a method stands for: something of the tenant, by its field, or a plain value.
STANDS_FOR: dict[str, object] = {
	"about": "Printer",
	"contract": "{contract}",
	"contracts": '["{contract}"]',
	"count": 1,
	"customer": "{customer}",
	"email": "new@portal.example",
	"ends_at": "2030-01-01 02:00:00",
	"instance": "{instance}",
	"instances": '["{instance}"]',
	"interval": "Monthly",
	"invoice": "{invoice}",
	"licence": "{licence}",
	"message": "Hello",
	"minutes": 15,
	"module": "_Test Portal CRM",
	"pack": "_Test Seats",
	"plan": "_Test Large",
	"quantity": 1,
	"reason": "Because",
	"renew": 0,
	"role": "Viewer",
	"starts_at": "2030-01-01 00:00:00",
	"subscription_contract": "{contract}",
	"total": "0",
	"user": "{viewer}",
}
# Open to whoever shows a key that only he has, or to the public: their own tests show what they refuse.
PUBLIC = {
	"api.backup.download": "asks for a signed link",
	"api.hosting.call_back": "asks for a server's signature",
	"api.licence.entitlement": "asks for a licence key",
	"api.licence.public_keys": "the public half of the keys",
	"api.licence.revocation_list": "numbers of revoked licences, for installations",
	"api.portal.signup.confirm": "asks for the key in a mail",
	"api.portal.signup.sign_up": "the public form",
	"api.usage.entitlement": "asks for a meter's key",
	"api.usage.report": "asks for a meter's key",
}
# Refuse in another way than by permission, to whoever may call them at all.
OTHERWISE = {
	"api.access_grant.look": "only the assignee: it reads the grant first, and a bare row cannot be read",
	"api.contract.bill_many": "says of each contract that it was refused",
	"api.contract.unpark_many": "says of each contract that it was refused",
	"api.timer.stop": "only ever the user's own timer",
}
# What somebody who only looks may send: nothing of it changes what is the customer's.
FOR_VIEWERS = {
	"api.portal.people.switch": "which of his customers he looks at",
}


def modules() -> Iterator[str]:
	for module in pkgutil.walk_packages(subscription_mgmt.__path__, "subscription_mgmt."):
		if ".tests" not in module.name and ".simulation" not in module.name and not module.ispkg:
			yield module.name


def methods() -> dict[str, Callable]:
	"""Every whitelisted function of the app, by its path below the package."""
	for name in modules():
		importlib.import_module(name)
	found = (method for method in frappe.whitelisted if method.__module__.startswith("subscription_mgmt."))
	return {
		f"{method.__module__}.{method.__name__}".removeprefix("subscription_mgmt."): method
		for method in found
		if "." not in method.__qualname__
	}


def is_post_only(method: Callable) -> bool:
	return list(frappe.allowed_http_methods_for_whitelisted_func[method]) == ["POST"]


def only_for(roles: str | tuple[str, ...], message: bool = False) -> None:
	"""As Frappe's, which lets everybody pass in a test."""
	wanted = {roles} if isinstance(roles, str) else set(roles)
	if wanted.isdisjoint(frappe.get_roles()):
		raise frappe.PermissionError


def row_of_tenant(doctype: str, tenant: Tenant) -> str:
	"""A real record of the tenant; a bare row where he has none."""
	return frappe.db.get_value(doctype, {"customer": tenant.customer}) or row_of(doctype, tenant.customer)


def any_row(doctype: str, name: str = "") -> str:
	"""A record of the vendor's, past its controller: enough for who may touch it."""
	name = name or f"_Test {doctype}"
	moment = frappe.utils.now()
	columns = ("name", "owner", "modified_by", "creation", "modified")
	frappe.db.bulk_insert(doctype, columns, [(name, "Administrator", "Administrator", moment, moment)])
	return name


class TestPortalIsolation(FrappeTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.addClassCleanup(roll_back)
		prepare_catalogue()
		cls.a, cls.b = make_tenant("A"), make_tenant("B")
		cls.rows = {doctype: row_of_tenant(doctype, cls.a) for doctype in of_customers()}
		any_row("Instance Probe", "a.portal.example")
		cls.records = {doctype: cls.rows.get(doctype) or any_row(doctype) for doctype in ours()}
		cls.stranger = cls.b.users["Owner"]
		cls.viewer = cls.a.users["Viewer"]

	def setUp(self):
		frappe.db.savepoint("each_test")
		self.addCleanup(frappe.db.rollback, save_point="each_test")
		self.addCleanup(frappe.set_user, "Administrator")

	def refused(self, work: Callable[..., object], *args: object, **kwargs: object) -> None:
		with self.assertRaises(REFUSALS) as refusal:
			work(*args, **kwargs)
		frappe.clear_messages()
		self.tells_nothing_of_a(str(refusal.exception), asked=(args, kwargs))

	def tells_nothing_of_a(self, answer: object, asked: object = "") -> None:
		"""`asked`: what whoever asks knew before."""
		text, known = (json.dumps(each, default=str) for each in (answer, asked))
		for mark in (self.a.contract, self.a.invoice, self.a.licence, self.a.users["Billing"]):
			self.assertFalse(mark in text and mark not in known, f"tells of {mark}")

	def state_of_a(self) -> dict[str, list]:
		"""Everything of A's, and who his people are."""
		found = {
			doctype: frappe.get_all(doctype, {"customer": self.a.customer}, ["*"], order_by="name", limit=0)
			for doctype in [*of_customers(), "Sales Invoice"]
		}
		for child, parent in (("Portal User", self.a.customer), ("Contract Pack", self.a.contract)):
			found[child] = frappe.get_all(child, {"parent": parent}, ["*"], order_by="name", limit=0)
		return found

	# Methods

	def calls(self, method: Callable) -> list[dict[str, object]]:
		"""Arguments that name what is A's: every required parameter, and those optional ones that name a record.

		A parameter that says no more than `name` is tried with a record of every DocType.
		"""
		given: dict[str, object] = {}
		unsaid = []
		for name, parameter in inspect.signature(method).parameters.items():
			if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
				continue
			stands_for = self.meaning(name)
			if stands_for is not None:
				given[name] = stands_for
			elif parameter.default is parameter.empty:
				unsaid.append(name)
		if not unsaid:
			return [given]
		return [{**given, **dict.fromkeys(unsaid, record)} for record in self.records.values()]

	def meaning(self, parameter: str) -> object:
		"""What a parameter stands for: as `STANDS_FOR` says, or the record whose DocType's name ends like it."""
		if parameter in STANDS_FOR:
			value = STANDS_FOR[parameter]
			return value.format(**self.values) if isinstance(value, str) else value
		ending = [
			name for doctype, name in self.records.items() if frappe.scrub(doctype).endswith(f"_{parameter}")
		]
		return ending[0] if len(ending) == 1 else None

	@property
	def values(self) -> dict[str, str]:
		return {**vars(self.a), "viewer": self.viewer, "instance": "a.portal.example"}

	def outcome(self, method: Callable, user: str, arguments: dict) -> str:
		"""refused, not found, or answered, for a request of this user; whatever it did is undone."""
		frappe.db.savepoint("a_method")
		set_request(method="POST", path="/api/method")
		frappe.local.request_ip = frappe.generate_hash(length=8)  # so that no limit is reached
		try:
			with self.set_user(user), mock.patch("frappe.only_for", only_for):
				frappe.is_whitelisted(method)
				answer = method(**arguments)
		except REFUSALS as refusal:
			self.tells_nothing_of_a(str(refusal), asked=arguments)
			return "refused"
		except frappe.DoesNotExistError:
			return "not found"
		except (frappe.ValidationError, ValueError) as error:
			self.tells_nothing_of_a(str(error), asked=arguments)
			return "invalid"
		finally:
			frappe.local.request = None
			frappe.local.response = frappe._dict(docs=[])
			frappe.clear_messages()
			frappe.db.rollback(save_point="a_method")
		self.tells_nothing_of_a(answer, asked=arguments)
		return "empty" if answer in ([], {}) and not is_post_only(method) else "answered"

	def test_every_method_is_closed_to_another_customer_and_to_guests(self):
		found = {path: method for path, method in methods().items() if path not in PUBLIC}
		self.assertGreater(len(found), 40)
		before = self.state_of_a()
		for path, method in sorted(found.items()):
			for user in ("Guest", self.stranger):
				with self.subTest(path, user=user):
					calls = self.calls(method)
					outcomes = [(self.outcome(method, user, each), self.names_a(each)) for each in calls]
					about_a = {outcome for outcome, names_a in outcomes if names_a}
					every = {outcome for outcome, _names_a in outcomes}
					if user == "Guest":
						self.assertEqual(every, {"refused"})
					elif about_a and path not in OTHERWISE:
						self.assertLessEqual(about_a, {"refused", "not found", "empty"})
						self.assertTrue(every & {"refused", "empty"})
		self.assertEqual(self.state_of_a(), before)

	def names_a(self, arguments: dict) -> bool:
		of_a = {*(str(value) for value in self.values.values()), *self.rows.values()}
		return any(str(value) in of_a for value in arguments.values())

	def test_whoever_only_looks_can_send_nothing(self):
		before = self.state_of_a()
		for path, method in sorted(methods().items()):
			if not is_post_only(method) or path in PUBLIC or path in FOR_VIEWERS:
				continue
			with self.subTest(path):
				outcomes = {self.outcome(method, self.viewer, each) for each in self.calls(method)}
				if path not in OTHERWISE:
					self.assertLessEqual(outcomes, {"refused", "not found"})
					self.assertIn("refused", outcomes)
		self.assertEqual(self.state_of_a(), before)

	def test_what_changes_something_is_sent_by_post(self):
		"""A link that somebody is led to follow must do nothing: only POST is asked for the token."""
		for path, method in methods().items():
			if path.startswith("api.portal.") and not is_post_only(method):
				with self.subTest(path):
					source = inspect.getsource(method)
					for verb in ("insert(", "save(", "set_value(", "delete(", "sendmail("):
						self.assertNotIn(verb, source)

	def test_what_is_listed_here_exists(self):
		self.assertLessEqual({*PUBLIC, *OTHERWISE, *FOR_VIEWERS}, set(methods()))

	# Pages

	def test_no_page_shows_anothers_records(self):
		for route, (query, *_rest) in PAGES.items():
			path = f"/{route}?{query.format(**vars(self.a))}"
			for user in ("Guest", self.stranger):
				with self.subTest(route, user=user):
					page = get_page(path, user)
					if user == "Guest":
						self.assertEqual(page.status, 302)
					body = page.html.replace(query.format(**vars(self.a)), "")
					self.tells_nothing_of_a(body)

	def test_another_customers_record_is_answered_like_one_that_is_not_there(self):
		for route, (query, *_rest) in PAGES.items():
			if query:
				theirs = get_page(f"/{route}?{query.format(**vars(self.a))}", self.stranger)
				nobodys = get_page(f"/{route}?{query.split('=')[0]}=NO-SUCH", self.stranger)
				with self.subTest(route):
					self.assertEqual(theirs.status, nobodys.status)

	# Records

	def test_no_record_is_read_by_another_customer_or_a_guest(self):
		for doctype, name in self.rows.items():
			for user in (self.stranger, "Guest"):
				with self.subTest(doctype, user=user), self.set_user(user):
					self.refused(frappe.client.get, doctype, name)
					self.refused(read_doc, doctype, name)
					self.refused(getdoc, doctype, name)
					self.refused(get_html_and_style, doctype, name)
					self.refused(download_pdf, doctype, name)
					self.refused(frappe.client.set_value, doctype, name, "customer", self.b.customer)
					self.refused(frappe.client.delete, doctype, name)
					self.refused(frappe.client.insert, {"doctype": doctype, "customer": self.a.customer})
					self.refused(add_comment, doctype, name, "Hello", user, user)

	def test_no_list_report_or_search_finds_anothers_records(self):
		looks = (
			self.by_customer,
			self.whole_list,
			self.by_name,
			self.value,
			self.search,
			self.report,
			self.export,
		)
		for doctype, name in self.rows.items():
			for look in looks:
				with self.subTest(doctype, look=look.__name__), self.set_user(self.stranger):
					found = self.answer(look, doctype, name)
					self.assertFalse(name in json.dumps(found, default=str))

	def by_customer(self, doctype: str, name: str) -> object:
		return frappe.client.get_list(doctype, filters={"customer": self.a.customer})

	def whole_list(self, doctype: str, name: str) -> object:
		return frappe.client.get_list(doctype, fields=["*"], limit_page_length=0)

	def by_name(self, doctype: str, name: str) -> object:
		return frappe.get_list(doctype, or_filters=[["name", "=", name]])

	def value(self, doctype: str, name: str) -> object:
		return frappe.client.get_value(doctype, "name", {"customer": self.a.customer})

	def search(self, doctype: str, name: str) -> object:
		return search_link(doctype, name)

	def report(self, doctype: str, name: str) -> object:
		fields = frappe.as_json([f"`tab{doctype}`.`name`", f"`tab{doctype}`.`customer`"])
		frappe.local.form_dict = frappe._dict(doctype=doctype, fields=fields)
		return reportview.get()

	def export(self, doctype: str, name: str) -> object:
		fields = frappe.as_json([f"`tab{doctype}`.`name`"])
		values = {"doctype": doctype, "fields": fields, "file_format_type": "CSV", "title": doctype}
		frappe.local.form_dict = frappe._dict(values)
		reportview.export_query()
		return str(frappe.local.response)

	def answer(self, look: Callable[..., object], *args: str) -> object:
		try:
			return look(*args)
		except REFUSALS:
			frappe.clear_messages()
			return None

	def test_what_erpnext_keeps_of_a_customer_is_closed_too(self):
		contact = frappe.db.get_value(
			"Dynamic Link", {"link_name": self.a.customer, "parenttype": "Contact"}, "parent"
		)
		records = [("Customer", self.a.customer), ("Sales Invoice", self.a.invoice)]
		records += [("Contact", contact)] if contact else []
		for doctype, name in records:
			for user in (self.stranger, "Guest"):
				with self.subTest(doctype, user=user), self.set_user(user):
					self.refused(frappe.client.get, doctype, name)
					self.refused(read_doc, doctype, name)
					self.refused(get_html_and_style, doctype, name)
					self.refused(download_pdf, doctype, name)
					self.refused(frappe.client.set_value, doctype, name, "customer", self.b.customer)

	def test_erpnexts_own_lists_hold_nothing_of_anothers(self):
		for doctype in ("Sales Invoice", *self.rows):
			with self.subTest(doctype), self.set_user(self.stranger):
				frappe.local.form_dict = frappe._dict()
				self.tells_nothing_of_a(self.answer(get_list_data, doctype, "", 0))

	def test_his_own_people_print_his_invoice_and_nobody_else_does(self):
		invoice = frappe.get_doc("Sales Invoice", self.a.invoice)
		for user in self.a.users.values():
			with self.subTest(user), self.set_user(user):
				validate_print_permission(invoice)
		for user in (self.stranger, "Guest"):
			with self.subTest(user), self.set_user(user):
				self.refused(download_pdf, "Sales Invoice", self.a.invoice)

	def test_a_licence_key_is_for_the_owner_and_for_technical_people(self):
		for role, user in self.a.users.items():
			with self.subTest(role), self.set_user(user):
				if role in ("Owner", "Technical"):
					self.assertTrue(frappe.client.get("Licence", self.a.licence)["key"])
				else:
					self.refused(frappe.client.get, "Licence", self.a.licence)
					self.assertEqual(frappe.client.get_list("Licence"), [])

	def test_files_of_a_customer_are_closed_to_others(self):
		for doctype, name in (
			("Subscription Contract", self.a.contract),
			("Sales Invoice", self.a.invoice),
			("Licence", self.a.licence),
		):
			file = frappe.get_doc(
				{
					"doctype": "File",
					"file_name": f"{name}.txt",
					"content": f"Private matter of {name}",
					"attached_to_doctype": doctype,
					"attached_to_name": name,
					"is_private": 1,
				}
			).insert()
			self.addCleanup(file.delete)
			for user in (self.stranger, "Guest"):
				with self.subTest(doctype, user=user), self.set_user(user):
					self.refused(download_private_file, file.file_url)
					self.refused(frappe.client.get, "File", file.name)
					self.assertFalse(
						file.name in json.dumps(self.answer(lambda: frappe.client.get_list("File")))
					)

	def test_what_is_not_for_customers_is_closed_to_them(self):
		make_user("nobody@portal.example", "Customer", user_type="Website User")
		for doctype in set(ours()) - set(of_customers()):
			for user in (self.stranger, self.viewer, "nobody@portal.example", "Guest"):
				with self.subTest(doctype, user=user), self.set_user(user):
					self.refused(frappe.client.get_list, doctype)
