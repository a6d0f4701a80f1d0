"""On which real systems do the hosting tests work? One tenant per module, made by the bench and dropped at the end."""

import os
from types import SimpleNamespace
from unittest import SkipTest, mock

import frappe
from frappe.model.document import Document
from frappe.utils import get_bench_path

from subscription_mgmt.adapters import operation_queue, operation_turns
from subscription_mgmt.adapters.bench_provider import TENANT_APP, BenchProvider, Secrets
from subscription_mgmt.adapters.runners import Runner
from subscription_mgmt.engine.bench_argv import Bench
from subscription_mgmt.engine.systems import System
from subscription_mgmt.jobs import hosting as job
from subscription_mgmt.tests.committed import CommittedTestCase, _delete_added
from subscription_mgmt.tests.records import make_customer
from subscription_mgmt.tests.tenant import root_account

POOL = "_Test Pool"
SERVER = "_Test Bench"
OURS = ["tabHosting Operation", "tabHosted Instance", "tabHosting Server", "tabHosting Pool", "tabToDo"]
ADMINISTRATOR = "made-by-a-test"


def tenant_name(word: str) -> str:
	return f"hosting-{word}-{frappe.local.site}"


def root_password() -> str:
	return root_account()[1]


def check_bench() -> None:
	"""Raises SkipTest where no system could be made."""
	root_account()
	if TENANT_APP not in frappe.get_all_apps():
		raise SkipTest(f"this bench lacks the app {TENANT_APP}: tests/bench.sh brings it")


def bench_provider(runner: Runner | None = None) -> BenchProvider:
	secrets = Secrets(root_password(), lambda: ADMINISTRATOR)
	bench = Bench(os.path.realpath(get_bench_path()), database_user=root_account()[0])
	return BenchProvider(bench, runner or Runner(), secrets)


def make_tenant(word: str) -> System:
	"""A system with nothing but the framework and the guard."""
	check_bench()
	system = System(tenant_name(word), SERVER)
	bench_provider().drop(system)
	bench_provider().provision(system)
	return system


def drop_tenant(word: str) -> None:
	bench_provider().drop(System(tenant_name(word), SERVER))


def make_pool() -> str:
	frappe.get_doc({"doctype": "Hosting Pool", "pool_name": POOL}).insert(ignore_if_duplicate=True)
	return POOL


def make_server(name: str = SERVER, **values: object) -> Document:
	if frappe.db.exists("Hosting Server", name):
		return frappe.get_doc("Hosting Server", name)
	server = {
		"doctype": "Hosting Server",
		"server_name": name,
		"pool": make_pool(),
		"provider": "Bench",
		"bench_path": os.path.realpath(get_bench_path()),
		"database_user": root_account()[0],
		"database_password": root_password(),
	}
	return frappe.get_doc({**server, **values}).insert()


def make_instance(name: str, server: str | None = SERVER, **values: object) -> str:
	instance = {"doctype": "Hosted Instance", "instance_name": name, "customer": make_customer()}
	return frappe.get_doc({**instance, "hosting_server": server, **values}).insert().name


def nobody_woken(woken: mock.Mock | None = None):
	"""Operations are stored, and no worker is told."""
	told = SimpleNamespace(enqueue=woken or mock.Mock(), conf=frappe.conf)
	return mock.patch.object(operation_queue, "frappe", told)


class HostingTestCase(CommittedTestCase):
	"""Nothing is queued for the bench's own worker: a test says when somebody works."""

	def setUp(self) -> None:
		super().setUp()
		self.woken = mock.Mock()
		nobody = nobody_woken(self.woken)
		nobody.start()
		self.addCleanup(nobody.stop)

	def forget(self) -> None:
		super().forget()
		_delete_added(self.rows, OURS)
		frappe.db.commit()

	def work_off(self) -> None:
		"""Whatever is due, one after another, as workers would, until nothing moves any more."""
		frappe.db.commit()
		before = None
		while (now := self.operations("name", "status", "tries")) != before:
			before = now
			for operation in operation_turns.due():
				job.work(operation.name)

	def operations(self, *fields: str) -> list[tuple]:
		frappe.db.rollback()
		return [
			tuple(row.values())
			for row in frappe.get_all("Hosting Operation", fields=list(fields), order_by="creation, name")
		]

	def problems(self) -> list[tuple]:
		return self.operations("kind", "status", "problem", "output")

	def operation(self, name: str) -> Document:
		frappe.db.rollback()
		return frappe.get_doc("Hosting Operation", name)
