"""What does a licence key say, and is it genuine? Signed with Ed25519 (JWT, EdDSA), verified offline.

Two kinds of token: a licence key, and the list of revoked licences. Their headers name the kind (`typ`) and
the key that signed it (`kid`). Public keys travel as a JSON Web Key Set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.utils import base64url_decode, base64url_encode

from subscription_mgmt.engine.errors import DomainError

ALGORITHM = "EdDSA"
LICENCE = "licence+jwt"
REVOCATIONS = "licence-revocations+jwt"
FORMAT = 1
REQUIRED = (
	"licence",
	"customer",
	"edition",
	"modules",
	"functions",
	"deployment",
	"updates_until",
	"iat",
	"jti",
)


@dataclass(frozen=True)
class Entitlement:
	"""What a licence allows. `updates_until`: first day whose updates are not included."""

	licence: str
	customer: str
	edition: str
	modules: tuple[str, ...]
	functions: tuple[str, ...]
	deployment: str
	updates_until: date
	instance: str | None = None


@dataclass(frozen=True)
class VerifiedKey:
	"""A genuine key. Times are in UTC; `serial` tells the keys of one licence apart."""

	entitlement: Entitlement
	kid: str
	serial: str
	issued_at: datetime
	expires_at: datetime | None

	def covers_release(self, released: date) -> bool:
		"""Whether a version released on that day is among the updates included."""
		return released < self.entitlement.updates_until


def new_key_pair() -> tuple[str, str]:
	"""(private, public) as base64url text of 32 bytes each."""
	private = Ed25519PrivateKey.generate()
	raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
	public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
	return base64url_encode(raw).decode(), base64url_encode(public).decode()


def key_set(public_keys: Mapping[str, str]) -> dict:
	"""A JSON Web Key Set of public keys by `kid`."""
	fixed = {"kty": "OKP", "crv": "Ed25519", "alg": ALGORITHM, "use": "sig"}
	return {"keys": [{**fixed, "kid": kid, "x": public} for kid, public in public_keys.items()]}


def public_keys_of(keys: object) -> dict[str, str]:
	"""The public keys of a JSON Web Key Set by `kid`. Raises DomainError `keys_malformed`."""
	listed = keys.get("keys") if isinstance(keys, Mapping) else None
	if not isinstance(listed, list) or not listed:
		raise DomainError("keys_malformed")
	found = {}
	for key in listed:
		if not isinstance(key, Mapping) or key.get("crv") != "Ed25519":
			raise DomainError("keys_malformed")
		kid, public = key.get("kid"), key.get("x")
		if not isinstance(kid, str) or not isinstance(public, str) or kid in found:
			raise DomainError("keys_malformed")
		_public(public)
		found[kid] = public
	return found


def sign(
	entitlement: Entitlement,
	private_key: str,
	kid: str,
	serial: str,
	issued_at: datetime,
	expires_at: datetime | None = None,
) -> str:
	"""The licence key: a compact JWT."""
	claims: dict[str, object] = {
		"v": FORMAT,
		"licence": entitlement.licence,
		"customer": entitlement.customer,
		"edition": entitlement.edition,
		"modules": list(entitlement.modules),
		"functions": list(entitlement.functions),
		"deployment": entitlement.deployment,
		"updates_until": entitlement.updates_until.isoformat(),
		"iat": int(issued_at.timestamp()),
		"jti": serial,
	}
	if entitlement.instance:
		claims["instance"] = entitlement.instance
	if expires_at is not None:
		claims["exp"] = int(expires_at.timestamp())
	return _signed(claims, private_key, kid, LICENCE)


def sign_revocations(revoked: Mapping[str, date], private_key: str, kid: str, issued_at: datetime) -> str:
	"""The list of revoked licences, each with the day it was revoked on."""
	listed = [{"licence": licence, "on": day.isoformat()} for licence, day in sorted(revoked.items())]
	claims = {"v": FORMAT, "iat": int(issued_at.timestamp()), "revoked": listed}
	return _signed(claims, private_key, kid, REVOCATIONS)


def verify(
	token: str,
	public_keys: Mapping[str, str],
	now: datetime,
	revoked: Mapping[str, date] | None = None,
) -> VerifiedKey:
	"""The key, if it is genuine and good at `now`.

	Raises DomainError: `key_malformed`, `key_wrong_algorithm`, `key_wrong_kind`, `key_unknown_signer`,
	`key_forged`, `key_expired`, `key_revoked`.
	"""
	kid, claims = _verified(token, public_keys, LICENCE)
	entitlement = _entitlement(claims)
	expires_at = _moment(claims["exp"]) if "exp" in claims else None
	if expires_at is not None and expires_at <= now:
		raise DomainError("key_expired", licence=entitlement.licence, day=expires_at.date())
	if revoked and entitlement.licence in revoked:
		raise DomainError("key_revoked", licence=entitlement.licence, day=revoked[entitlement.licence])
	return VerifiedKey(entitlement, kid, str(claims["jti"]), _moment(claims["iat"]), expires_at)


def verify_revocations(token: str, public_keys: Mapping[str, str]) -> tuple[datetime, dict[str, date]]:
	"""(when it was issued, licence → day it was revoked on). Raises DomainError as `verify` does."""
	_, claims = _verified(token, public_keys, REVOCATIONS)
	try:
		revoked = {str(entry["licence"]): date.fromisoformat(entry["on"]) for entry in claims["revoked"]}
		return _moment(claims["iat"]), revoked
	except (KeyError, TypeError, ValueError):
		raise DomainError("key_malformed") from None


def _signed(claims: Mapping[str, Any], private_key: str, kid: str, kind: str) -> str:
	private = Ed25519PrivateKey.from_private_bytes(base64url_decode(private_key))
	return jwt.encode(dict(claims), private, algorithm=ALGORITHM, headers={"kid": kid, "typ": kind})


def _verified(token: str, public_keys: Mapping[str, str], kind: str) -> tuple[str, dict[str, Any]]:
	"""(kid, claims) of a token with a good signature. The header picks the key and never the algorithm."""
	try:
		header = jwt.get_unverified_header(token)
	except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
		raise DomainError("key_malformed") from None
	if header.get("alg") != ALGORITHM:
		raise DomainError("key_wrong_algorithm", algorithm=header.get("alg"))
	if header.get("typ") != kind:
		raise DomainError("key_wrong_kind", kind=header.get("typ"), wanted=kind)
	kid = header.get("kid")
	if not isinstance(kid, str) or kid not in public_keys:
		raise DomainError("key_unknown_signer", kid=kid)
	# Times are judged by the caller, who knows what time it is; an installation's clock may be behind ours.
	unjudged = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
	try:
		claims = jwt.decode(token, _public(public_keys[kid]), algorithms=[ALGORITHM], options=unjudged)
	except jwt.InvalidSignatureError:
		raise DomainError("key_forged", kid=kid) from None
	except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
		raise DomainError("key_malformed") from None
	return kid, claims


def _entitlement(claims: Mapping[str, Any]) -> Entitlement:
	try:
		if claims["v"] != FORMAT or any(name not in claims for name in REQUIRED):
			raise ValueError
		return Entitlement(
			licence=_text(claims["licence"]),
			customer=_text(claims["customer"]),
			edition=_text(claims["edition"]),
			modules=_texts(claims["modules"]),
			functions=_texts(claims["functions"]),
			deployment=_text(claims["deployment"]),
			updates_until=date.fromisoformat(claims["updates_until"]),
			instance=_text(claims["instance"]) if "instance" in claims else None,
		)
	except (KeyError, TypeError, ValueError):
		raise DomainError("key_malformed") from None


def _public(text: str) -> Ed25519PublicKey:
	try:
		return Ed25519PublicKey.from_public_bytes(base64url_decode(text))
	except (ValueError, TypeError):
		raise DomainError("keys_malformed") from None


def _text(value: object) -> str:
	if not isinstance(value, str) or not value:
		raise ValueError
	return value


def _texts(values: Iterable[object]) -> tuple[str, ...]:
	if not isinstance(values, list):
		raise ValueError
	return tuple(_text(value) for value in values)


def _moment(timestamp: object) -> datetime:
	if isinstance(timestamp, bool) or not isinstance(timestamp, int):
		raise DomainError("key_malformed")
	try:
		return datetime.fromtimestamp(timestamp, timezone.utc)
	except (ValueError, OverflowError, OSError):
		raise DomainError("key_malformed") from None
