"""Is the licence key in a file genuine? `python -m subscription_mgmt verify-licence FILE`, offline."""

import argparse
import json
import os
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.messages import worded

GOOD, REFUSED, MISTAKE_IN_FILE = 0, 1, 2
KEYS_VARIABLE = "LICENCE_PUBLIC_KEYS"


class Unreadable(Exception):
	"""A file that is missing or is not what it should be: one line that names it."""


def add_to(verbs: Any) -> None:
	"""The subcommand and its options."""
	verb = verbs.add_parser("verify-licence", help="tell whether a licence key is genuine and what it allows")
	verb.add_argument("file", type=Path, metavar="FILE", help="the licence key")
	verb.add_argument(
		"--keys",
		type=Path,
		metavar="PUBLIC_KEYS.json",
		help=f"the vendor's public keys (default: the file that {KEYS_VARIABLE} names)",
	)
	verb.add_argument(
		"--revoked", type=Path, metavar="LIST.json", help="the vendor's signed list of revoked licences"
	)
	verb.add_argument(
		"--released",
		type=date.fromisoformat,
		metavar="DATE",
		help="also: may a version of that day be installed?",
	)
	verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
	"""0: genuine and good; 1: refused; 2: a file cannot be read. One sentence says which and why."""
	try:
		print(_told(options, datetime.now(timezone.utc)))
		return GOOD
	except DomainError as refusal:
		print(f"Refused: {worded(refusal)} [{refusal.code}]", file=sys.stderr)
		return MISTAKE_IN_FILE if refusal.code == "keys_malformed" else REFUSED
	except Unreadable as mistake:
		print(mistake, file=sys.stderr)
		return MISTAKE_IN_FILE


def _told(options: argparse.Namespace, now: datetime) -> str:
	try:
		from subscription_mgmt import licence_key
	except ImportError as missing:
		raise Unreadable(f"verify-licence needs the packages PyJWT and cryptography: {missing}") from None

	keys = licence_key.public_keys_of(_json(_keys_file(options.keys)))
	revoked: dict[str, date] = {}
	if options.revoked:
		_, revoked = licence_key.verify_revocations(_token(options.revoked, "revocation_list"), keys)
	key = licence_key.verify(_token(options.file, "key"), keys, now, revoked)
	if options.released and not key.covers_release(options.released):
		raise DomainError(
			"updates_over",
			licence=key.entitlement.licence,
			until=key.entitlement.updates_until,
			day=options.released,
		)
	return _sentence(key)


def _sentence(key: Any) -> str:
	what = key.entitlement
	lines = [
		f"Genuine: licence {what.licence} of {what.customer}, {what.edition}, {what.deployment}.",
		f"Modules: {', '.join(what.modules) or 'none'}",
		f"Functions: {', '.join(what.functions) or 'none'}",
		f"Updates released before {what.updates_until} are included.",
		f"Issued {key.issued_at:%Y-%m-%d %H:%M} UTC, signed with {key.kid}"
		+ (f", good until {key.expires_at:%Y-%m-%d %H:%M} UTC." if key.expires_at else "."),
	]
	return "\n".join(lines)


def _keys_file(named: Path | None) -> Path:
	found = named or os.environ.get(KEYS_VARIABLE)
	if not found:
		raise Unreadable(
			f"No public keys: give --keys PUBLIC_KEYS.json, or set {KEYS_VARIABLE} to that file."
		)
	return Path(found)


def _token(path: Path, name: str) -> str:
	"""The token in a file: bare, or as the vendor's API wraps it in JSON under `name`."""
	text = _text(path).strip()
	if not text.startswith(("{", '"')):
		return text
	content = _json(path)
	token = content.get(name) if isinstance(content, dict) else content
	if not isinstance(token, str):
		raise Unreadable(f"{path}: holds no {name.replace('_', ' ')}.")
	return token


def _json(path: Path) -> Any:
	"""Its content, without the `message` that Frappe wraps an answer in."""
	try:
		content = json.loads(_text(path))
	except (ValueError, RecursionError):
		raise Unreadable(f"{path}: is not JSON.") from None
	return content["message"] if isinstance(content, dict) and set(content) == {"message"} else content


def _text(path: Path) -> str:
	try:
		return path.read_text(encoding="utf-8")
	except OSError as error:
		raise Unreadable(f"{path}: {error.strerror}.") from None
	except UnicodeDecodeError:
		raise Unreadable(f"{path}: is not a text.") from None
