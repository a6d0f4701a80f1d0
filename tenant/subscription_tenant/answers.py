"""What does a customer see instead of his data? A page for people, an object for programs, the same words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, Template
from markupsafe import Markup, escape
from werkzeug.wrappers import Request, Response

from subscription_tenant.access import RESTRICTED, Access
from subscription_tenant.words import LANGUAGES, say

PAGE = Path(__file__).parent / "templates" / "closed.html"
PAYMENT_REQUIRED, FORBIDDEN = 402, 403
HEADERS = {
	"Cache-Control": "no-store",
	"Content-Security-Policy": (
		"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	),
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"X-Robots-Tag": "noindex",
}


def _(sentence: str) -> str:
	"""Marks a sentence for translation; `say` translates it when it is known for whom."""
	return sentence


TITLES = {
	RESTRICTED: _("This system is paused"),
	"": _("This system is read only"),
}
EXPLANATIONS = {
	RESTRICTED: _("Your data is kept safe and unchanged. Access returns as soon as the payment has arrived."),
	"": _("You can look at everything, print it and export it. Nothing can be created, changed or deleted."),
}
CALLS = {RESTRICTED: _("Go to payment"), "": _("Subscribe again")}
EXCEPTIONS = {RESTRICTED: "SubscriptionRestricted", "": "SubscriptionRefused"}


def title(access: Access, language: str | None) -> str:
	return say(_by_mode(TITLES, access), language)


def explanation(access: Access, language: str | None) -> str:
	return say(_by_mode(EXPLANATIONS, access), language)


def call(access: Access, language: str | None) -> str:
	return say(_by_mode(CALLS, access), language)


def sentence(access: Access, language: str | None) -> str:
	"""All of it as one text, for who can show no page."""
	parts = [title(access, language), access.reason, explanation(access, language)]
	return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def answer(access: Access, request: Request, default_language: str) -> Response:
	language = language_of(request, default_language)
	status = PAYMENT_REQUIRED if access.mode == RESTRICTED else FORBIDDEN
	headers = {**HEADERS, "Content-Language": language, "Vary": "Accept, Accept-Language"}
	if wants_json(request):
		body, kind = json.dumps(_as_object(access, language), ensure_ascii=False), "application/json"
	else:
		body, kind = _as_page(access, language), "text/html"
	return Response(body, status=status, headers=headers, mimetype=kind)


def language_of(request: Request, default: str) -> str:
	known = default.partition("-")[0] if default.partition("-")[0] in LANGUAGES else "en"
	return request.accept_languages.best_match(LANGUAGES, default=known)


def wants_json(request: Request) -> bool:
	"""As Frappe decides it for its own errors."""
	accept = request.headers.get("Accept") or ""
	is_ajax = request.headers.get("X-Requested-With") == "XMLHttpRequest"
	return (
		is_ajax
		or "application/json" in accept
		or (request.path.startswith("/api/") and not accept.startswith("text"))
	)


def _as_object(access: Access, language: str) -> dict:
	shown = {"title": title(access, language), "message": _as_dialog(access, language), "indicator": "orange"}
	return {
		"exc_type": _by_mode(EXCEPTIONS, access),
		"message": sentence(access, language),
		"reason": access.reason,
		"pay_at": access.pay_at,
		"_server_messages": json.dumps([json.dumps(shown)]),  # what Desk opens as a dialog
	}


def _as_dialog(access: Access, language: str) -> str:
	"""Markup, beneath a title."""
	parts = [escape(part) for part in (access.reason, explanation(access, language)) if part]
	if access.pay_at:
		link = Markup('<a href="{}" target="_blank" rel="noreferrer">{}</a>')
		parts.append(link.format(access.pay_at, call(access, language)))
	return str(Markup("<br><br>").join(parts))


def _as_page(access: Access, language: str) -> str:
	return _template().render(
		language=language,
		title=title(access, language),
		reason=access.reason,
		explanation=explanation(access, language),
		call=call(access, language),
		pay_at=access.pay_at,
		go_back=None if access.mode == RESTRICTED else say(_("Back to the system"), language),
		contact=say(_("Please contact your provider."), language),
	)


def _by_mode(texts: dict[str, str], access: Access) -> str:
	return texts.get(access.mode, texts[""])


@cache
def _template() -> Template:
	return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
		PAGE.read_text(encoding="utf-8")
	)
