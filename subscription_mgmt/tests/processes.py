"""How does a test run real processes against its site? Forked ones, each with its own database connection."""

import multiprocessing
import os
import traceback
from collections.abc import Callable
from multiprocessing.context import ForkProcess

import frappe

FORK = multiprocessing.get_context("fork")


class Processes:
	"""Processes that begin their work together; what each returned or raised is collected by `outcomes`."""

	def __init__(self, count: int) -> None:
		self.barrier = FORK.Barrier(count)
		self.queue = FORK.Queue()
		self.processes: list[ForkProcess] = []

	def start(self, work: Callable[..., object], *args: object) -> ForkProcess:
		site, path = frappe.local.site, os.path.abspath(frappe.local.sites_path)
		process = FORK.Process(target=self._run, args=(site, path, work, args))
		process.start()
		self.processes.append(process)
		return process

	def outcomes(self, timeout: int = 240) -> list[str]:
		"""The text of what each returned, or of the exception, in the order of finishing."""
		found = [self.queue.get(timeout=timeout) for _ in self.processes]
		for process in self.processes:
			process.join(timeout)
		frappe.db.rollback()  # a fresh snapshot: what they committed is seen
		return found

	def _run(self, site: str, path: str, work: Callable[..., object], args: tuple) -> None:
		frappe.init(site=site, sites_path=path, force=True)
		frappe.connect()
		frappe.flags.in_test = True
		frappe.set_user("Administrator")
		# As in a request, which has read its session: a snapshot older than what the others commit.
		frappe.db.sql("select name from `tabContract Charge` limit 1")
		self.barrier.wait(60)
		try:
			outcome = str(work(*args))
			frappe.db and frappe.db.commit()  # a queue's worker has closed it after its last job
		except frappe.ValidationError as error:
			outcome = frappe.utils.strip_html(str(error))
		except Exception:
			outcome = traceback.format_exc()
		frappe.destroy()
		self.queue.put(outcome)


def together(count: int, work: Callable[..., object], *args: object) -> list[str]:
	"""`work` by `count` processes at once."""
	processes = Processes(count)
	for _ in range(count):
		processes.start(work, *args)
	return processes.outcomes()
