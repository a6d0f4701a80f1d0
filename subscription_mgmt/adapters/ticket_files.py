"""Which files belong to a ticket, who may fetch them, and which are taken in?"""

import mimetypes
from collections import defaultdict
from collections.abc import Sequence

import frappe
from frappe import _
from frappe.handler import ALLOWED_MIMETYPES
from frappe.model.document import Document

DOCTYPE, MESSAGE, FILE = "SLA Ticket", "Communication", "File"
MOST_FILES = 10


def files_of(messages: Sequence[str]) -> dict[str, list[dict]]:
	"""By message."""
	found: dict[str, list[dict]] = defaultdict(list)
	if messages:
		filters = {"attached_to_doctype": MESSAGE, "attached_to_name": ["in", list(messages)]}
		fields = ["name", "file_name", "file_size", "attached_to_name"]
		for row in frappe.get_all(FILE, filters, fields, order_by="creation", limit=0):
			found[row.pop("attached_to_name")].append(row)
	return found


def file_of(ticket: str, file: str) -> Document:
	"""One that somebody sent with a public message of the ticket; what lies on the ticket itself is ours."""
	place = frappe.db.get_value(FILE, file, ["attached_to_doctype", "attached_to_name"], as_dict=True)
	if place and place.attached_to_doctype == MESSAGE:
		about = {"name": place.attached_to_name, "reference_doctype": DOCTYPE, "reference_name": ticket}
		if frappe.db.exists(MESSAGE, {**about, "communication_type": "Communication"}):
			return frappe.get_doc(FILE, file)
	raise frappe.DoesNotExistError(_("There is no such file on ticket {0}.").format(ticket))


def attach_uploads(message: Document) -> None:
	"""The files of the running request, private, of the kinds that Frappe takes from website users."""
	request = getattr(frappe.local, "request", None)
	uploads = request.files.getlist("file") if request else []
	if len(uploads) > MOST_FILES:
		frappe.throw(_("{0} files are too many. Send at most {1}.").format(len(uploads), MOST_FILES))
	for upload in uploads:
		if mimetypes.guess_type(upload.filename)[0] not in ALLOWED_MIMETYPES:
			frappe.throw(_("{0} is not a kind of file that can be sent.").format(upload.filename))
		attach(message, upload.filename, upload.stream.read())


def attach(message: Document, file_name: str, content: bytes) -> None:
	place = {"attached_to_doctype": MESSAGE, "attached_to_name": message.name, "is_private": 1}
	file = {"doctype": FILE, "file_name": file_name, "content": content, **place}
	keep(frappe.get_doc(file).insert(ignore_permissions=True))
	message.db_set("has_attachment", 1, update_modified=False)


def lay_on_ticket(file: Document) -> None:
	"""What was sent with a message is on the ticket, too, so that whoever may read the ticket may read it."""
	ticket = frappe.db.get_value(
		MESSAGE, {"name": file.attached_to_name, "reference_doctype": DOCTYPE}, "reference_name"
	)
	if ticket:
		copy = {
			"doctype": FILE,
			"file_name": file.file_name,
			"file_url": file.file_url,
			"is_private": file.is_private,
			"attached_to_doctype": DOCTYPE,
			"attached_to_name": ticket,
		}
		keep(frappe.get_doc(copy).insert(ignore_permissions=True))


def keep(record: Document) -> None:
	"""What was sent stays: Frappe lets whoever owns a message or a file delete it."""
	record.db_set("owner", "Administrator", update_modified=False)


def move_files(duplicate: str, main: str) -> None:
	file = frappe.qb.DocType(FILE)
	(
		frappe.qb.update(file)
		.set(file.attached_to_name, main)
		.where((file.attached_to_doctype == DOCTYPE) & (file.attached_to_name == duplicate))
		.run()
	)
