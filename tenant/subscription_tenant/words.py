"""How is a sentence said in the customer's language? By the app's own tables, without the database."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = ("en", "es", "fr")


def say(sentence: str, language: str | None = None) -> str:
	"""`language` may name a region, as in es-BO; a language we do not speak gets English."""
	return _table((language or "en").replace("_", "-").partition("-")[0].lower()).get(sentence, sentence)


@cache
def _table(language: str) -> dict[str, str]:
	if language not in LANGUAGES or language == "en":
		return {}
	with (TRANSLATIONS / f"{language}.csv").open(encoding="utf-8", newline="") as file:
		return {row[0]: row[1] for row in csv.reader(file) if row}
