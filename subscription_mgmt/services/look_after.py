"""One contract's day: restored if paid, told of its renewal, reminded or restricted, its data announced or deleted."""

from datetime import date

from subscription_mgmt.services.dun import dun
from subscription_mgmt.services.notice_renewal import notice_renewal
from subscription_mgmt.services.ports import Ports
from subscription_mgmt.services.settle import settle
from subscription_mgmt.services.watch_deletion import watch_deletion

# Each is a transaction of its own: who has paid gets his access back, whatever becomes of the steps after it.
STEPS = (settle, notice_renewal, dun, watch_deletion)


def look_after(name: str, today: date, ports: Ports) -> None:
	"""All the steps at once. Harmless however often it runs on a day."""
	for step in STEPS:
		step(name, today, ports)
