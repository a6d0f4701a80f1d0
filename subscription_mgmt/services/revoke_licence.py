"""Revoke a licence: it is put on the revocation list, and its key is good no more."""

from datetime import date

from subscription_mgmt.engine.licences import revoked
from subscription_mgmt.services.ports import Ports


def revoke_licence(name: str, reason: str, today: date, ports: Ports) -> None:
	"""Charges stand, and hosting goes on: a credit note or a cancellation is a person's decision."""
	before = ports.licences.get(name)
	after = revoked(before, reason, today)
	ports.licences.save(before, after)
	ports.licences.noted(after, "revoked", reason=after.revocation_reason)
