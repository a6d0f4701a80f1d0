"""Is a genuine licence key accepted offline, and every other one refused for what it is?"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.licence_key import (
	Entitlement,
	key_set,
	new_key_pair,
	public_keys_of,
	sign,
	sign_revocations,
	verify,
	verify_revocations,
)
from tests.builders import refused

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 4, 15, 12, tzinfo=timezone.utc)
WHAT = Entitlement(
	licence="LIC-1",
	customer="Clínica Los Andes",
	edition="Enterprise",
	modules=("Sales", "Invoicing"),
	functions=("Import", "E-invoicing"),
	deployment="Online",
	updates_until=date(2027, 4, 15),
)
OLD, NEW, STRANGERS = new_key_pair(), new_key_pair(), new_key_pair()
KEYS = {"old": OLD[1], "new": NEW[1]}


def signed(what: Entitlement = WHAT, pair: tuple[str, str] = NEW, kid: str = "new", **more: Any) -> str:
	return sign(what, pair[0], kid, "serial-1", NOW, **more)


def encoded(content: object) -> str:
	raw = content if isinstance(content, bytes) else json.dumps(content).encode()
	return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(part: str) -> dict[str, Any]:
	return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def with_header(token: str, **changes: object) -> str:
	head, claims, signature = token.split(".")
	return f"{encoded({**decoded(head), **changes})}.{claims}.{signature}"


def with_claims(token: str, **changes: object) -> str:
	head, claims, signature = token.split(".")
	return f"{head}.{encoded({**decoded(claims), **changes})}.{signature}"


def test_a_key_states_what_it_was_signed_for():
	key = verify(signed(), KEYS, NOW)
	assert (key.entitlement, key.kid, key.serial, key.issued_at) == (WHAT, "new", "serial-1", NOW)
	assert key.expires_at is None


names = st.text(min_size=1, max_size=30)


@given(names, st.lists(names, max_size=5), st.dates(), st.one_of(st.none(), names))
def test_whatever_is_signed_is_read_back(name: str, functions: list[str], until: date, instance: str | None):
	what = replace(WHAT, customer=name, functions=tuple(functions), updates_until=until, instance=instance)
	assert verify(signed(what), KEYS, NOW).entitlement == what


def test_keys_signed_before_a_rotation_stay_good():
	assert verify(signed(pair=OLD, kid="old"), KEYS, NOW).kid == "old"


def test_updates_cover_versions_released_before_they_end():
	key = verify(signed(), KEYS, NOW)
	assert key.covers_release(date(2027, 4, 14))
	assert not key.covers_release(date(2027, 4, 15))


def test_the_key_stays_good_when_updates_are_over():
	assert verify(signed(), KEYS, NOW + timedelta(days=4000)).entitlement == WHAT


# Refused


@pytest.mark.parametrize(
	"changes", [{"functions": ["Everything"]}, {"updates_until": "2099-01-01"}, {"licence": "LIC-2"}]
)
def test_changed_claims_are_forged(changes: dict):
	with refused("key_forged", kid="new"):
		verify(with_claims(signed(), **changes), KEYS, NOW)


def test_a_key_of_a_strangers_pair_under_a_trusted_name_is_forged():
	with refused("key_forged"):
		verify(signed(pair=STRANGERS), KEYS, NOW)


def test_the_signature_of_another_key_is_forged():
	head, claims, _ = signed().split(".")
	other = signed(replace(WHAT, licence="LIC-2")).split(".")[2]
	with refused("key_forged"):
		verify(f"{head}.{claims}.{other}", KEYS, NOW)


def test_an_unknown_signer_is_refused_and_a_withdrawn_one_is_unknown():
	with refused("key_unknown_signer", kid="strangers"):
		verify(signed(pair=STRANGERS, kid="strangers"), KEYS, NOW)
	with refused("key_unknown_signer", kid="old"):
		verify(signed(pair=OLD, kid="old"), {"new": NEW[1]}, NOW)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256", "ES256", "", None, 1, ["EdDSA"]])
def test_no_other_algorithm_is_trusted(algorithm: object):
	with pytest.raises(DomainError) as refusal:
		verify(with_header(signed(), alg=algorithm), KEYS, NOW)
	assert refusal.value.code in ("key_wrong_algorithm", "key_malformed")


def test_a_token_without_a_signature_is_refused():
	head, claims, _ = signed().split(".")
	for algorithm, signature in (("none", ""), ("EdDSA", "")):
		token = f"{with_header(f'{head}.{claims}.x', alg=algorithm).rsplit('.', 1)[0]}.{signature}"
		with pytest.raises(DomainError) as refusal:
			verify(token, KEYS, NOW)
		assert refusal.value.code in ("key_wrong_algorithm", "key_forged")


def test_the_public_key_is_not_a_secret_one_can_sign_with():
	"""The classic confusion: HS256 with the public key, which everybody has, as its secret."""
	_, claims, _ = signed().split(".")
	head = encoded({"alg": "HS256", "typ": "licence+jwt", "kid": "new"})
	secrets = (NEW[1].encode(), base64.urlsafe_b64decode(NEW[1] + "="))
	for secret in secrets:
		signature = encoded(hmac.new(secret, f"{head}.{claims}".encode(), hashlib.sha256).digest())
		with refused("key_wrong_algorithm", algorithm="HS256"):
			verify(f"{head}.{claims}.{signature}", KEYS, NOW)


@pytest.mark.parametrize(
	"text",
	["", "x", "a.b", "a.b.c", "....", "nonsense key", "é.é.é", "{}.{}.{}", "\x00", "[" * 5000, "." * 100_000],
)
def test_what_is_no_token_is_malformed(text: str):
	with refused("key_malformed"):
		verify(text, KEYS, NOW)


@given(st.text(max_size=200))
def test_no_text_at_all_makes_the_verifier_fail_otherwise_than_by_refusing(text: str):
	with pytest.raises(DomainError):
		verify(text, KEYS, NOW)


@given(st.integers(0, 600), st.characters())
def test_a_key_with_one_letter_changed_is_never_read_as_something_else(place: int, letter: str):
	token = signed()
	place %= len(token)
	changed = token[:place] + letter + token[place + 1 :]
	try:
		assert verify(changed, KEYS, NOW).entitlement == WHAT
	except DomainError as refusal:
		assert refusal.code.startswith("key_")


@pytest.mark.parametrize(
	"claims",
	[
		[],
		{},
		{"v": 2},
		{"modules": "Sales"},
		{"modules": [1]},
		{"functions": [""]},
		{"updates_until": "soon"},
		{"updates_until": 20270415},
		{"iat": "yesterday"},
		{"iat": True},
		{"iat": 10**30},
		{"exp": "never"},
		{"licence": ""},
		{"licence": None},
		{"customer": 7},
		{"instance": []},
	],
)
def test_a_signed_token_that_states_nonsense_is_malformed(claims: object):
	good = decoded(signed().split(".")[1])
	stated = {**good, **claims} if claims and isinstance(claims, dict) else claims
	header = {"alg": "EdDSA", "typ": "licence+jwt", "kid": "new"}
	token = _signed_raw(header, stated)
	with refused("key_malformed"):
		verify(token, KEYS, NOW)


def _signed_raw(header: dict, claims: object) -> str:
	from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

	private = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(NEW[0] + "="))
	signed_part = f"{encoded(header)}.{encoded(claims)}"
	return f"{signed_part}.{encoded(private.sign(signed_part.encode()))}"


@pytest.mark.parametrize(
	"name", ["licence", "customer", "edition", "modules", "functions", "deployment", "iat", "jti"]
)
def test_a_signed_token_that_leaves_something_out_is_malformed(name: str):
	stated = {key: value for key, value in decoded(signed().split(".")[1]).items() if key != name}
	with refused("key_malformed"):
		verify(_signed_raw({"alg": "EdDSA", "typ": "licence+jwt", "kid": "new"}, stated), KEYS, NOW)


def test_a_key_that_expires_is_good_until_that_moment():
	token = signed(expires_at=NOW + timedelta(days=30))
	assert verify(token, KEYS, NOW + timedelta(days=30, seconds=-1)).entitlement == WHAT
	with refused("key_expired", licence="LIC-1", day=date(2026, 5, 15)):
		verify(token, KEYS, NOW + timedelta(days=30))


def test_an_installation_whose_clock_is_behind_may_still_start():
	assert verify(signed(), KEYS, NOW - timedelta(days=400)).entitlement == WHAT


# Revocation


def test_a_revoked_licence_is_refused_with_the_day_and_others_are_not():
	token = sign_revocations({"LIC-1": date(2026, 3, 1)}, NEW[0], "new", NOW)
	issued_at, revoked = verify_revocations(token, KEYS)
	assert issued_at == NOW
	with refused("key_revoked", licence="LIC-1", day=date(2026, 3, 1)):
		verify(signed(), KEYS, NOW, revoked)
	assert verify(signed(replace(WHAT, licence="LIC-2")), KEYS, NOW, revoked)


def test_a_list_somebody_shortened_is_forged():
	token = sign_revocations({"LIC-1": date(2026, 3, 1)}, NEW[0], "new", NOW)
	with refused("key_forged"):
		verify_revocations(with_claims(token, revoked=[]), KEYS)


def test_a_list_is_no_key_and_a_key_no_list():
	with refused("key_wrong_kind", wanted="licence+jwt"):
		verify(sign_revocations({}, NEW[0], "new", NOW), KEYS, NOW)
	with refused("key_wrong_kind", wanted="licence-revocations+jwt"):
		verify_revocations(signed(), KEYS)


@pytest.mark.parametrize(
	"revoked", [None, {}, [{}], [{"licence": "L"}], [{"licence": "L", "on": "soon"}], ["L"]]
)
def test_a_signed_list_of_nonsense_is_malformed(revoked: object):
	header = {"alg": "EdDSA", "typ": "licence-revocations+jwt", "kid": "new"}
	if revoked == {}:
		revoked = {"L": 1}
	with refused("key_malformed"):
		verify_revocations(_signed_raw(header, {"v": 1, "iat": 1, "revoked": revoked}), KEYS)


# Public keys


def test_public_keys_travel_as_a_json_web_key_set_that_others_read():
	travelled = json.loads(json.dumps(key_set(KEYS)))
	assert public_keys_of(travelled) == KEYS
	key = jwt.PyJWKSet.from_dict(travelled)["new"].key
	assert jwt.decode(signed(), key, algorithms=["EdDSA"])["licence"] == "LIC-1"


def test_private_keys_are_never_in_the_set():
	assert OLD[0] not in json.dumps(key_set(KEYS))
	assert NEW[0] not in json.dumps(key_set(KEYS))


GOOD_KEY = key_set({"new": NEW[1]})["keys"][0]


@pytest.mark.parametrize(
	"keys",
	[
		None,
		[],
		{},
		{"keys": []},
		{"keys": ["new"]},
		{"keys": [{**GOOD_KEY, "crv": "P-256"}]},
		{"keys": [{**GOOD_KEY, "x": "AAAA"}]},
		{"keys": [{**GOOD_KEY, "x": 5}]},
		{"keys": [{**GOOD_KEY, "kid": None}]},
		{"keys": [GOOD_KEY, GOOD_KEY]},
	],
)
def test_a_broken_set_of_public_keys_is_refused(keys: object):
	with refused("keys_malformed"):
		public_keys_of(keys)


# From a shell


def verify_licence(folder: Path, *options: object, **environment: str) -> subprocess.CompletedProcess[str]:
	"""Frappe, pydantic and the like cannot be imported: the verifier must need none of them."""
	blocked = folder / "blocked"
	for name in ("frappe", "pydantic", "yaml", "rich"):
		(blocked / name).mkdir(parents=True, exist_ok=True)
		(blocked / name / "__init__.py").write_text("raise ImportError('not on a customer\\'s machine')")
	paths = f"{blocked}{os.pathsep}{ROOT}"
	return subprocess.run(
		[sys.executable, "-m", "subscription_mgmt", "verify-licence", *map(str, options)],
		capture_output=True,
		text=True,
		encoding="utf-8",
		cwd=folder,
		env={**os.environ, "PYTHONPATH": paths, **environment},
		timeout=60,
		check=False,
	)


@pytest.fixture
def files(tmp_path: Path) -> Path:
	(tmp_path / "key").write_text(signed() + "\n")
	(tmp_path / "keys.json").write_text(json.dumps({"message": key_set(KEYS)}))
	return tmp_path


def test_the_shell_says_what_a_genuine_key_allows(files: Path):
	done = verify_licence(files, "key", "--keys", "keys.json")
	assert (done.returncode, done.stderr) == (0, "")
	assert done.stdout.splitlines() == [
		"Genuine: licence LIC-1 of Clínica Los Andes, Enterprise, Online.",
		"Modules: Sales, Invoicing",
		"Functions: Import, E-invoicing",
		"Updates released before 2027-04-15 are included.",
		"Issued 2026-04-15 12:00 UTC, signed with new.",
	]


def test_the_shell_takes_the_public_keys_from_the_environment(files: Path):
	assert verify_licence(files, "key", LICENCE_PUBLIC_KEYS="keys.json").returncode == 0
	done = verify_licence(files, "key")
	assert done.returncode == 2
	assert "No public keys" in done.stderr


def test_the_shell_refuses_a_forged_key_with_1_and_its_code(files: Path):
	(files / "key").write_text(with_claims(signed(), functions=["Everything"]))
	done = verify_licence(files, "key", "--keys", "keys.json")
	assert (done.returncode, done.stdout) == (1, "")
	assert done.stderr.startswith("Refused: The signature is not that of new")
	assert done.stderr.rstrip().endswith("[key_forged]")


@pytest.mark.parametrize("wrapped", [True, False])
def test_the_shell_refuses_a_revoked_key(files: Path, wrapped: bool):
	token = sign_revocations({"LIC-1": date(2026, 3, 1)}, OLD[0], "old", NOW)
	answer = json.dumps({"message": {"revocation_list": token}}) if wrapped else token
	(files / "revoked.json").write_text(answer)
	done = verify_licence(files, "key", "--keys", "keys.json", "--revoked", "revoked.json")
	assert done.returncode == 1
	assert "[key_revoked]" in done.stderr


def test_the_shell_refuses_a_forged_list_rather_than_doing_without_it(files: Path):
	(files / "revoked.json").write_text(sign_revocations({}, STRANGERS[0], "new", NOW))
	done = verify_licence(files, "key", "--keys", "keys.json", "--revoked", "revoked.json")
	assert (done.returncode, "[key_forged]" in done.stderr) == (1, True)


@pytest.mark.parametrize(("released", "code"), [("2027-04-14", 0), ("2027-04-15", 1)])
def test_the_shell_says_whether_a_version_may_be_installed(files: Path, released: str, code: int):
	done = verify_licence(files, "key", "--keys", "keys.json", "--released", released)
	assert done.returncode == code
	assert ("[updates_over]" in done.stderr) is bool(code)


@pytest.mark.parametrize(
	("file", "content", "said"),
	[
		("key", None, "No such file"),
		("keys.json", None, "No such file"),
		("keys.json", "{", "is not JSON"),
		("keys.json", '{"keys": []}', "[keys_malformed]"),
		("key", "{}", "holds no key"),
		("key", b"\xff\xfe", "is not a text"),
	],
)
def test_the_shell_names_a_file_it_cannot_read_with_2(files: Path, file: str, content: object, said: str):
	path = files / file
	path.unlink()
	if content is not None:
		path.write_bytes(content if isinstance(content, bytes) else str(content).encode())
	done = verify_licence(files, "key", "--keys", "keys.json")
	assert (done.returncode, done.stdout) == (2, "")
	assert said in done.stderr
	assert len(done.stderr.splitlines()) == 1
