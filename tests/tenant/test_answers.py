"""What does a customer read instead of his data, in which language, and can nobody smuggle anything into it?"""

import csv
import json
import re
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import subscription_tenant
from subscription_tenant.access import READ_ONLY, RESTRICTED, Access
from subscription_tenant.answers import answer
from subscription_tenant.words import say

PACKAGE = Path(subscription_tenant.__file__).parent
UNPAID = Access(RESTRICTED, "Invoice 42 is unpaid.", "https://pay.example/42?a=1&b=2")


def asked(path: str = "/", **headers: str) -> Request:
	names = {name.replace("_", "-"): value for name, value in headers.items()}
	return Request(EnvironBuilder(path, headers=names).get_environ())


@pytest.mark.parametrize(
	("path", "headers", "kind"),
	[
		("/app", {"Accept": "text/html,*/*;q=0.8"}, "text/html"),
		("/app", {}, "text/html"),
		("/api/method/x", {"Accept": "text/html"}, "text/html"),
		("/api/method/x", {}, "application/json"),
		("/api/method/x", {"Accept": "*/*"}, "application/json"),
		("/app", {"Accept": "application/json"}, "application/json"),
		("/", {"X_Requested_With": "XMLHttpRequest"}, "application/json"),
	],
)
def test_people_get_a_page_and_programs_an_object(path: str, headers: dict, kind: str) -> None:
	assert answer(UNPAID, asked(path, **headers), "en").mimetype == kind


@pytest.mark.parametrize(
	("accepted", "default", "language"),
	[
		("es-BO,es;q=0.9,en;q=0.8", "en", "es"),
		("fr-CA", "en", "fr"),
		("de,fr;q=0.3", "en", "fr"),
		("de", "es", "es"),
		("de", "pt-BR", "en"),
		("", "fr", "fr"),
		("*", "en", "en"),
	],
)
def test_the_browser_chooses_the_language_and_then_the_site(
	accepted: str, default: str, language: str
) -> None:
	given = answer(UNPAID, asked(Accept_Language=accepted), default)
	assert given.headers["Content-Language"] == language
	assert f'<html lang="{language}">' in given.get_data(as_text=True)


def test_what_the_vendor_writes_is_text_and_no_markup() -> None:
	access = Access(RESTRICTED, "<script>alert('x')</script> & more", 'https://pay.example/"><b>')
	page = answer(access, asked(Accept="text/html"), "en").get_data(as_text=True)
	assert "<script" not in page and "<b>" not in page
	assert "&lt;script&gt;" in page
	assert (
		"<script" not in json.loads(answer(access, asked("/api/x"), "en").get_json()["_server_messages"])[0]
	)


def test_nothing_of_the_page_comes_from_elsewhere() -> None:
	page = answer(UNPAID, asked(), "en").get_data(as_text=True)
	assert re.findall(r'(?:src|href|url)\s*[=(]\s*"?([^"\s)]+)', page) == [
		"https://pay.example/42?a=1&amp;b=2"
	]


def test_restricted_asks_for_payment_and_read_only_forbids() -> None:
	assert answer(UNPAID, asked(), "en").status_code == 402
	assert answer(Access(READ_ONLY), asked(), "en").status_code == 403


def test_without_an_address_the_page_names_the_provider() -> None:
	page = answer(Access(RESTRICTED), asked(), "es").get_data(as_text=True)
	assert "Póngase en contacto con su proveedor." in page
	assert "<a " not in page


def test_the_object_opens_a_dialog_in_desk() -> None:
	given = answer(UNPAID, asked("/api/x", Accept_Language="fr"), "en").get_json()
	(shown,) = (json.loads(each) for each in json.loads(given["_server_messages"]))
	assert shown["title"] == "Ce système est en pause"
	assert shown["message"].startswith("Invoice 42 is unpaid.<br><br>Vos données")
	assert 'href="https://pay.example/42?a=1&amp;b=2"' in shown["message"]
	assert (given["exc_type"], given["pay_at"]) == ("SubscriptionRestricted", UNPAID.pay_at)


def sentences() -> set[str]:
	"""Every sentence of the package: marked by `_`, or given to `say` as it stands."""
	found = set()
	for path in PACKAGE.rglob("*.py"):
		found |= set(re.findall(r'\b(?:_|say)\(\s*"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")))
	return found


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_sentence_is_translated_and_no_other(language: str) -> None:
	with (PACKAGE / "translations" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
		rows = [row for row in csv.reader(file) if row]
	assert {row[0] for row in rows} == sentences()
	assert rows == sorted(rows)
	for source, translated in rows:
		assert translated and translated != source
		assert set(re.findall(r"\{\w*\}", source)) == set(re.findall(r"\{\w*\}", translated))


def test_a_region_speaks_its_language_and_an_unknown_one_english() -> None:
	assert say("Go to payment", "es_419") == "Ir al pago"
	assert say("Go to payment", "FR-ca") == "Aller au paiement"
	assert say("Go to payment", "xx/../es") == say("Go to payment", None) == "Go to payment"
