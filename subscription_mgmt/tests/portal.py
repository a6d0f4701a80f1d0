"""What do the tests of the portal need: two customers with everything, and a page as a browser gets it?"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import frappe
from frappe.tests.utils import FrappeTestCase
from frappe.utils import getdate, set_request
from frappe.website.serve import get_response

from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.services.activate import activate
from subscription_mgmt.tests.records import (
	COMPANY,
	CURRENCY,
	make_contract,
	make_customer,
	make_fiscal_year_of,
	make_module,
	make_pack,
	make_plan,
	make_user,
	roll_back,
)
from subscription_mgmt.tests.support import make_ticket

TOTAL = re.compile(r'name="total" value="([^"]*)"')
ROLES = ("Owner", "Billing", "Technical", "Viewer")


@dataclass(frozen=True)
class Tenant:
	"""A customer with people, a running contract with an open invoice, and a licence."""

	customer: str
	users: dict[str, str] = field(default_factory=dict)
	contract: str = ""
	invoice: str = ""
	licence: str = ""
	ticket: str = ""


@dataclass(frozen=True)
class Page:
	status: int
	html: str
	location: str | None
	queries: int


class PortalCase(FrappeTestCase):
	"""Tenant A, made once; what a test changes is undone."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.addClassCleanup(roll_back)
		prepare_catalogue()
		cls.a = make_tenant("A")

	def setUp(self):
		frappe.db.savepoint("each_test")
		self.addCleanup(self.undo)

	def undo(self) -> None:
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="each_test")
		frappe.db.value_cache = {}
		frappe.local.message_log = []
		for single in ("Website Settings", "Subscription Mgmt Settings"):
			frappe.clear_document_cache(single, single)

	def acting(self, role: str):
		return self.set_user(self.a.users[role])

	def says(self, text: str, page: "Page") -> None:
		"""Without the whole page in the report."""
		self.assertTrue(text in page.html, f"{text!r} is not on the page")

	def is_silent_about(self, text: str, page: "Page") -> None:
		self.assertFalse(text in page.html, f"{text!r} is on the page")


def prepare_catalogue() -> None:
	"""Two plans and a pack that everybody may choose, a read-only one, and a policy about not paying."""
	module = make_module("_Test Portal CRM")
	if not frappe.db.exists("Dunning Policy", "_Test Portal"):
		frappe.get_doc(
			{
				"doctype": "Dunning Policy",
				"policy_name": "_Test Portal",
				"remind_days": [{"day": 1}],
				"restrict_after_days": 10,
				"delete_after_restriction_days": 30,
				"deletion_notice_days": [{"day": 7}],
			}
		).insert()
	common = {"published": 1, "dunning_policy": "_Test Portal", "refundable": 1}
	modules = [{"service_module": module}]
	users = {
		"metric": "users",
		"included": 1,
		"per_module": 1,
		"aggregate": "peak",
		"excess": "Bill",
		"price": 7,
		"currency": CURRENCY,
	}
	quota = {"metric": "companies", "included": 4, "aggregate": "last", "excess": "Block"}
	make_plan("_Test Small", tier=1, modules=modules, quotas=[quota, users], prices={"Monthly": 30}, **common)
	make_plan("_Test Large", tier=2, modules=modules, prices={"Monthly": 90, "Yearly": 900}, **common)
	make_plan("_Test Archive", kind="Read Only", prices={"Monthly": 5}, **common)
	make_plan("_Test Secret", tier=3, prices={"Monthly": 1})
	make_pack("_Test Seats", per_module=1, metric="users", prices={"Monthly": 6}, published=1)
	make_pack("_Test Hidden", prices={"Monthly": 6})


def make_tenant(letter: str, plan: str = "_Test Small", start: date | None = None) -> Tenant:
	"""`letter` names them apart: A, B. The contract is in its first month, its invoice unpaid."""
	today = getdate()
	make_fiscal_year_of(today)
	key = letter.lower()
	users = {role: f"{role.lower()}@{key}.portal.example" for role in ROLES}
	for user in users.values():
		make_user(user, "Customer", user_type="Website User")
	customer = f"_Test Portal {letter}"
	rows = [{"user": user, "portal_role": role} for role, user in users.items()]
	make_customer(customer, portal_users=rows)
	contract = make_contract(
		customer=customer,
		plan=plan,
		interval="Monthly",
		start_date=start or today - timedelta(days=5),
		instance=f"{key}.portal.example",
		time_zone="UTC",
	).name
	activate(contract, today, site_ports())
	invoice = frappe.db.get_value("Sales Invoice", {"subscription_contract": contract})
	ticket = make_ticket(
		customer=customer, contract=contract, channel="portal", subject=f"Printer of {letter}"
	).name
	return Tenant(customer, users, contract, invoice, make_licence(customer), ticket)


def make_licence(customer: str) -> str:
	make_plan(
		"_Test Portal Edition", kind="Licence", prices=[{"interval": "Once", "price": 500}], updates_months=12
	)
	record = frappe.get_doc(
		{
			"doctype": "Licence",
			"customer": customer,
			"company": COMPANY,
			"plan": "_Test Portal Edition",
			"currency": CURRENCY,
			"deployment": "Online",
		}
	).insert()
	from subscription_mgmt.services.buy_licence import buy_licence

	buy_licence(record.name, getdate(), site_ports())
	return record.name


def shown_total(tenant: Tenant, path: str) -> str:
	"""What the order form of the page names."""
	found = TOTAL.search(get_page(path, tenant.users["Owner"]).html)
	assert found, f"no order form on {path}"
	return found.group(1)


def get_page(path: str, user: str) -> Page:
	"""Rendered by Frappe itself, in this transaction; `queries`: all that it took."""
	parts = urlsplit(path)
	before = frappe.session.user
	frappe.set_user(user)
	queries = 0
	sql = frappe.db.__class__.sql

	def counted(*args: object, **kwargs: object) -> object:
		nonlocal queries
		queries += 1
		return sql(frappe.db, *args, **kwargs)

	try:
		set_request(method="GET", path=parts.path, query_string=parts.query)
		frappe.local.path = parts.path.strip("/")
		frappe.local.form_dict = frappe._dict(parse_qsl(parts.query))
		frappe.local.flags.redirect_location = None
		frappe.db.sql = counted
		response = get_response()
		return Page(
			response.status_code,
			response.get_data(as_text=True),
			response.headers.get("Location"),
			queries,
		)
	finally:
		del frappe.db.sql
		frappe.local.request = None  # whatever logs an access commits while a GET goes on
		frappe.set_user(before)
		frappe.local.form_dict = frappe._dict()
