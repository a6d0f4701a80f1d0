"""What is a meter answered whose report says that it is JSON and is none?

Frappe reads such a body before it calls an endpoint, and answers with an error of its own, 500 and a traceback. A
caller takes that for our fault and sends it again; it is told 400 instead.
"""

import json

import frappe
from frappe import _
from werkzeug.wrappers import Request, Response

METERS = "/api/method/subscription_mgmt.api.usage."


def answer_bad_request(response: Response | None = None, request: Request | None = None) -> None:
	"""A hook that Frappe calls after every request."""
	if response is None or request is None or response.status_code != 500:
		return
	if not request.path.startswith(METERS) or not request.is_json or _is_json(request.get_data()):
		return
	text = _("The report is no JSON. Send an object with a list of records.")
	response.status_code = 400
	response.mimetype = "application/json"
	response.set_data(json.dumps({"exc_type": "Refused", "message": text}))
	frappe.clear_messages()


def _is_json(body: bytes) -> bool:
	try:
		json.loads(body)
	except (ValueError, RecursionError):
		return False
	return True
