"""Grant the sessions that a pack of trainings brings, once its invoice is paid; take back those still to come."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from subscription_mgmt.engine.catalogue import Pack, PackKind
from subscription_mgmt.engine.charges import Charge, ChargeKind
from subscription_mgmt.engine.training import LENGTH, STILL_TO_COME, Session, SessionStatus, cancelled
from subscription_mgmt.services.offer_ports import OfferPorts

WHOLE = Decimal(1)


def grant_trainings(
	charges: Sequence[Charge], is_paid: bool, ports: OfferPorts, sold: Mapping[str, Decimal] | None = None
) -> None:
	"""`charges`, `sold`: as of `grant_credits`. Asked again, nothing is granted twice."""
	bought = [charge for charge in charges if charge.kind is ChargeKind.PACK]
	packs = ports.support.base.catalogue.packs({charge.what for charge in bought}) if bought else {}
	for charge in bought:
		pack = packs[charge.what]
		if pack.kind is PackKind.TRAINING:
			share = (sold or {}).get(charge.key, WHOLE) if is_paid else Decimal(0)
			_bring_to(int(charge.quantity * pack.sessions * share), charge, pack, ports)


def _bring_to(owed: int, charge: Charge, pack: Pack, ports: OfferPorts) -> None:
	"""What took place stays, and counts: a payment taken back does not undo it."""
	sessions = ports.trainings.of_source(charge.key)
	granted = [session for session in sessions if session.status is not SessionStatus.CANCELLED]
	for session in reversed(granted[max(owed, 0) :]):
		if session.status in STILL_TO_COME:
			ports.trainings.save(session, cancelled(session))
			_tell_if_known(session, ports)
	missing = max(0, owed - len(granted))
	withdrawn = [session for session in sessions if session.status is SessionStatus.CANCELLED]
	for session in withdrawn[:missing]:
		ports.trainings.save(session, session.moved("granted"))
	for number in range(len(sessions) + 1, len(sessions) + 1 + missing - len(withdrawn[:missing])):
		ports.trainings.add(
			Session(
				name="",
				customer=charge.customer,
				pack=pack.name,
				minutes=pack.minutes or LENGTH,
				contract=charge.contract,
				source=charge.key,
				number=number,
			)
		)


def _tell_if_known(session: Session, ports: OfferPorts) -> None:
	if session.status is not SessionStatus.TO_PROPOSE:
		ports.training_news.tell(cancelled(session), "cancelled")
