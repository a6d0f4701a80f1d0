"""What do the tests of a customer's site share? One site with data, made once for all of them, and what they ask."""

import atexit
from functools import cache

import requests
from frappe.tests.utils import FrappeTestCase

from subscription_mgmt.tests.tenant import PASSWORD, Tenant

SECRET = "GUARDED-DATA-4711"
CLERK = "clerk@guard.example"
ORDER = "Guard Order"
REASON = "Invoice SINV-0042 of 1 March is unpaid."
PAY_AT = "https://pay.vendor.example/SINV-0042?a=1&b=2"
JSON = {"Accept": "application/json"}
PAGE = {"Accept": "text/html"}


@cache
def shared() -> tuple[Tenant, dict[str, str]]:
	"""The site, and the names of what it holds. It goes when the process ends."""
	tenant = Tenant.make()
	atexit.register(tenant.close)
	return tenant, fill(tenant)


def fill(tenant: Tenant) -> dict[str, str]:
	"""What a customer's site holds, made as people make it: over HTTP, with full access."""
	by = tenant.login("Administrator")

	def made(doctype: str, **values: object) -> str:
		answer = by.post(f"{tenant.address}/api/resource/{doctype}", json=values)
		if answer.status_code != 200:
			raise AssertionError(f"no {doctype}: {answer.text[-2000:]}")
		return answer.json()["data"]["name"]

	def upload(private: int) -> str:
		answer = by.post(
			f"{tenant.address}/api/method/upload_file",
			data={"is_private": private, "doctype": "ToDo", "docname": todo},
			files={"file": (f"secret-{private}.txt", SECRET.encode())},
		)
		answer.raise_for_status()
		return answer.json()["message"]["file_url"]

	every = {"read": 1, "write": 1, "create": 1, "delete": 1, "submit": 1, "cancel": 1, "amend": 1}
	rest = {"print": 1, "report": 1, "export": 1, "import": 1, "share": 1, "email": 1}
	made(
		"DocType",
		name=ORDER,
		module="Core",
		custom=1,
		is_submittable=1,
		allow_import=1,
		track_changes=1,
		track_seen=1,
		track_views=1,
		autoname="GO-.####",
		fields=[{"fieldname": "title", "fieldtype": "Data", "label": "Title", "in_list_view": 1}],
		permissions=[{"role": "System Manager", **every, **rest}],
	)
	made(
		"User",
		email=CLERK,
		first_name="Clerk",
		new_password=PASSWORD,
		send_welcome_email=0,
		roles=[{"role": "System Manager"}, {"role": "Report Manager"}],
	)
	keys = by.post(
		f"{tenant.address}/api/method/frappe.core.doctype.user.user.generate_keys", data={"user": CLERK}
	)
	api_key = by.get(f"{tenant.address}/api/resource/User/{CLERK}").json()["data"]["api_key"]
	todo = made("ToDo", description=SECRET)
	urls = {"private": upload(1), "public": upload(0)}
	page = made(
		"Web Page",
		title="Guarded",
		route="guarded",
		published=1,
		content_type="HTML",
		main_section_html=SECRET,
	)
	for _ in range(2):  # the second comes from Frappe's cache of pages
		if SECRET not in tenant.visitor().get(f"{tenant.address}/guarded").text:
			raise AssertionError("the page of the website does not show what it holds")
	return {
		"draft": made(ORDER, title=SECRET),
		"submitted": made(ORDER, title=SECRET, docstatus=1),
		"todo": todo,
		"note": made("Note", title="guard-note", content=SECRET, public=1),
		"page": page,
		"report": made(
			"Report",
			report_name="Guard Report",
			ref_doctype="ToDo",
			report_type="Query Report",
			is_standard="No",
			prepared_report=1,
			query="select name as 'Name:Data:100', description as 'Text:Data:200' from `tabToDo`",
		),
		"token": f"{api_key}:{keys.json()['message']['api_secret']}",
		**urls,
		"sid": by.cookies["sid"],
	}


class GuardTestCase(FrappeTestCase):
	mode = "Full"

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.tenant, cls.known = shared()
		cls.fingerprint = cls.tenant.told("subscription-fingerprint")
		cls.addClassCleanup(cls.tenant.set_access, "Full")
		if cls.mode != "Full":
			cls.tenant.set_access(cls.mode, reason=REASON, pay_at=PAY_AT)

	def assert_unchanged(self) -> None:
		now, before = self.tenant.told("subscription-fingerprint"), self.fingerprint
		changed = {
			table: (before["rows"].get(table), count)
			for table, count in now["rows"].items()
			if before["rows"].get(table) != count
		}
		self.assertEqual((changed, now["newest"]), ({}, before["newest"]))
		self.assertEqual(now, before)

	def fetch(self, session: requests.Session, verb: str, path: str, **options: object) -> requests.Response:
		return session.request(verb, self.tenant.address + path, timeout=60, allow_redirects=False, **options)

	def method(
		self, session: requests.Session, path: str, headers: dict | None = None, **arguments: object
	) -> requests.Response:
		return self.fetch(
			session, "POST", f"/api/method/{path}", data=arguments, headers={**JSON, **(headers or {})}
		)
