"""Who works off what is to be done to customers' systems? One worker per operation, one operation per system."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import frappe

from subscription_mgmt.adapters import operation_queue, operation_records, operation_turns
from subscription_mgmt.adapters.operation_news import tell_operators, told
from subscription_mgmt.adapters.providers import provider_of
from subscription_mgmt.adapters.server_records import note_seen
from subscription_mgmt.adapters.site_hosting import order_again, what_differs
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.operations import Operation, judged, judged_abandoned
from subscription_mgmt.jobs.performers import PERFORMERS
from subscription_mgmt.refusals import sentence
from subscription_mgmt.services.hosting_ports import Work

BEAT = 20  # seconds between two renewals of a lease


class LeaseLost(Exception):
	"""Another worker has taken the operation up: this one was thought dead."""


def drive() -> None:
	"""Every minute: whatever was lost, was put off or differs from what is wanted is taken up."""
	_take_back_abandoned()
	for instance, wanted in what_differs():
		try:
			order_again(instance, wanted)
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"{instance} is not {wanted.value} and was not ordered again")
		frappe.db.commit()
	_wake()


def _take_back_abandoned() -> None:
	for operation, lease in operation_records.abandoned():
		event = judged_abandoned(operation)
		problem = sentence("worker_gone", system=operation.instance, tries=operation.tries)
		if operation_records.finish(operation, lease, event, problem) and event == "given_up":
			tell_operators(operation, problem)
		frappe.db.commit()


def work(operation: str) -> None:
	"""Do one operation, if its turn has come; then wake what waited for it."""
	claimed = operation_records.claim(operation, f"{socket.gethostname()}:{os.getpid()}")
	frappe.db.commit()
	if claimed is None:
		return
	todo, lease = claimed
	_perform(todo, lease)
	_wake()


def _wake() -> None:
	for operation in operation_turns.due():
		operation_queue.wake(operation)
	frappe.db.commit()


def _perform(operation: Operation, lease: str) -> None:
	said: list[str] = []
	try:
		with _lease_renewed(operation.name, lease):
			result = _performed(operation, lease, said)
	except LeaseLost:
		frappe.db.rollback()
		return
	except DomainError as refusal:
		frappe.db.rollback()
		_not_done(
			operation, lease, refusal.code, sentence(refusal.code, **refusal.context), said, refusal.context
		)
	except Exception as error:
		frappe.db.rollback()
		said.append(frappe.get_traceback())
		frappe.clear_messages()
		_not_done(operation, lease, None, f"{type(error).__name__}: {error}"[:500], said, {})
	else:
		operation_records.finish(operation, lease, "done", result=result, output=_joined(said))
		told(operation)
		if operation.server:
			note_seen(operation.server, None)
	frappe.db.commit()


def _performed(operation: Operation, lease: str, said: list[str]) -> str | None:
	performer = PERFORMERS.get(operation.kind)
	provider, system = provider_of(operation.instance, operation.name, said.append)
	if performer is None:
		raise DomainError("not_offered", provider=operation.kind.value, system=operation.instance)

	def reached(step: str, **figures: object) -> None:
		if not operation_records.note_step(operation.name, lease, step, figures):
			raise LeaseLost
		frappe.db.commit()

	return performer(Work(operation, provider, system, reached))


def _not_done(
	operation: Operation, lease: str, code: str | None, problem: str, said: list[str], figures: dict
) -> None:
	wait = timedelta(seconds=int(figures["seconds"])) if "seconds" in figures else None
	verdict = judged(operation, code, frappe.utils.now_datetime(), wait)
	problem = frappe.utils.strip_html(problem)
	kept = operation_records.finish(
		operation, lease, verdict.event, problem=problem, due_at=verdict.due_at, output=_joined(said)
	)
	if kept and verdict.event == "given_up":
		tell_operators(operation, problem)
	if operation.server and code == "provider_failed":
		note_seen(operation.server, problem)


def _joined(said: list[str]) -> str:
	return "\n\n".join(text for text in said if text)


@contextmanager
def _lease_renewed(name: str, lease: str) -> Iterator[None]:
	"""While the work goes on, by a thread with a connection of its own: the worker's waits for the other machine."""
	over = threading.Event()
	site, sites_path = frappe.local.site, os.path.abspath(frappe.local.sites_path)
	beat = threading.Thread(target=_beat, args=(site, sites_path, name, lease, over), daemon=True)
	beat.start()
	try:
		yield
	finally:
		over.set()
		beat.join()


def _beat(site: str, sites_path: str, name: str, lease: str, over: threading.Event) -> None:
	while not over.wait(BEAT):
		frappe.init(site=site, sites_path=sites_path)
		try:
			frappe.connect()
			operation_records.renew(name, lease)
			frappe.db.commit()
		except Exception:  # the database may be away for a moment: the next beat may be in time
			frappe.logger("hosting").exception(f"lease of {name} not renewed")
		finally:
			frappe.destroy()
