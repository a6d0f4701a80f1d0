"""Revoke a licence: its key is put on the revocation list and is good no more."""

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.ports import Ports


def revoke_licence(name: str, reason: str, ports: Ports) -> None:
	"""For good: who buys again gets another licence. Charges stand; a credit note is a person's decision."""
	if not reason.strip():
		raise DomainError("revocation_needs_reason", licence=name)
	licence = ports.licences.get(name)
	revoked = licence.moved("revoked")
	ports.licences.save(licence, revoked)
	ports.licences.noted(revoked, "revoked", reason=reason)
