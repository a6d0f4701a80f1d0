"""What may a request, a login or a document do on this site now? The first line; beneath it stand the grants.

*Restricted*: nobody gets further than the page that says why. *Read Only*: whatever changes nothing works as ever, with
a fresh login too; what would change something is refused with one sentence, by a document's own events where it is one,
and where the database refused it, in its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import frappe
from werkzeug.exceptions import HTTPException

from subscription_tenant import answers, jobs
from subscription_tenant.access import RESTRICTED, Access, of_site
from subscription_tenant.refusal import SubscriptionRefused

if TYPE_CHECKING:
	from frappe.auth import LoginManager
	from frappe.model.document import Document
	from werkzeug.wrappers import Request, Response

# Documents of the bookkeeping that the grants leave open: who came, who took what along, what went wrong.
MAY_BE_WRITTEN = frozenset({"Access Log", "Activity Log", "Error Log"})

# Where Frappe takes documents: refused before anything of a controller runs, which might speak to the outside first.
DOCUMENT_PATHS = re.compile(r"/api/(v1/)?resource/|/api/v2/document/(?!.*/method/)")
READING_VERBS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITING_METHODS = frozenset(
	{
		"upload_file",
		"uploadfile",
		*(
			f"frappe.client.{verb}"
			for verb in (
				"insert",
				"insert_many",
				"save",
				"set_value",
				"submit",
				"cancel",
				"delete",
				"bulk_update",
				"rename_doc",
				"attach_file",
			)
		),
		"frappe.desk.form.save.savedocs",
		"frappe.desk.form.save.cancel",
		"frappe.desk.form.save.discard",
		"frappe.desk.reportview.delete_items",
		"frappe.model.delete_doc.delete_doc",
	}
)
DESK = re.compile(r"/(app|desk)(/|$)")
RUN_REPORT = "frappe.desk.query_report.run"

# Of MariaDB: not on this table, column, database, sequence or routine; a transaction that only reads.
DENIED = frozenset({1142, 1143, 1044, 1370, 1227, 1792})


def before_request() -> None:
	access = _access()
	if access.mode == RESTRICTED:
		raise HTTPException(response=_answer(access))
	if not access.is_full:
		_read_only()
		if asks_to_write(frappe.local.request):
			refuse()


def asks_to_write(request: Request) -> bool:
	if DOCUMENT_PATHS.match(request.path):
		return request.method not in READING_VERBS
	return _method(request) in WRITING_METHODS


def _method(request: Request) -> str:
	return frappe.form_dict.cmd or request.path.rpartition("/method/")[2].strip("/")


def after_request(response: Response | None = None, request: Request | None = None) -> None:
	"""What went wrong before our turn came (a wrong password, a broken body) tells a stranger nothing either."""
	access = _access()
	if response is None or access.is_full:
		return
	was_refused = frappe.flags.subscription_refused and response.status_code >= 400
	if access.mode == RESTRICTED or was_refused:
		_replace(response, _answer(access))
	if access.mode == RESTRICTED and (cookies := getattr(frappe.local, "cookie_manager", None)):
		cookies.cookies.clear()
		cookies.to_delete.clear()


def on_login(login_manager: LoginManager) -> None:
	"""The password was right; on a restricted site no session begins."""
	access = _access()
	if access.mode == RESTRICTED:
		raise HTTPException(response=_answer(access))


def on_logout(login_manager: LoginManager) -> None:
	"""A session that is ended is gone from the database, though Frappe would keep it while the site is read only."""
	if not _access().is_full:
		frappe.flags.read_only = False
		frappe.db.rollback()


def before_job(method: str) -> None:
	jobs.refuse(method)


def before_change(doc: Document, method: str | None = None, *details: object) -> None:
	"""Of any document; `details` are the names and the merging of one that is renamed."""
	if doc.doctype not in MAY_BE_WRITTEN and not _access().is_full:
		refuse()


def before_write_file(file_size: int | None = None) -> None:
	"""A file is on the disk before its document is refused."""
	if not _access().is_full:
		refuse()


def extend_bootinfo(bootinfo: frappe._dict) -> None:
	"""Desk says above every page why nothing can be changed."""
	access = _access()
	if not access.is_full:
		language = frappe.local.lang
		bootinfo.read_only = True
		bootinfo.subscription_access = {
			"title": answers.title(access, language),
			"text": access.reason or answers.explanation(access, language),
			"pay_at": access.pay_at,
			"call": answers.call(access, language),
		}


def update_website_context(context: frappe._dict) -> None:
	"""Visitors of the website read nothing of a maintenance that there is not."""
	if not _access().is_full:
		context.read_only_mode = False


def refuse() -> None:
	access, language = _access(), frappe.local.lang
	frappe.flags.subscription_refused = True
	frappe.throw(
		answers.sentence(access, language), exc=SubscriptionRefused, title=answers.title(access, language)
	)


def _read_only() -> None:
	"""Frappe's own flag spares the small notes of who saw what. It would also let a session run out, and Desk's page go
	without the token that its later requests must show: so the session is extended first, and that page has no flag."""
	request = frappe.local.request
	if not DESK.match(request.path):
		if session := getattr(frappe.local, "session_obj", None):
			session.update()
		frappe.flags.read_only = True
	if _method(request) == RUN_REPORT:  # one that a job prepares as a rule; there are no jobs
		frappe.form_dict.ignore_prepared_report = 1
	_word_what_the_database_refuses()


def _word_what_the_database_refuses() -> None:
	"""Frappe asks of each error whether the database is read only, to word it; ours is so by its grants."""
	known = frappe.db.is_read_only_mode_error

	def is_read_only_mode_error(error: Exception) -> bool:
		if error.args and error.args[0] in DENIED:
			refuse()
		return known(error)

	frappe.db.is_read_only_mode_error = is_read_only_mode_error


def _access() -> Access:
	path = getattr(frappe.local, "site_path", None)
	return of_site(path) if path else Access()


def _answer(access: Access) -> Response:
	return answers.answer(access, frappe.local.request, frappe.local.conf.lang or "en")


def _replace(response: Response, by: Response) -> None:
	response.status_code = by.status_code
	response.set_data(by.get_data())
	for header in ("Content-Disposition", "Location", "ETag", "Last-Modified"):
		response.headers.pop(header, None)
	for name, value in by.headers.items():
		response.headers[name] = value
