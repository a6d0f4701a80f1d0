"""Is a bench told exactly what it should be, and never what somebody slipped into a name?"""

import shlex

import pytest

from subscription_mgmt.engine import bench_argv
from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.bench_argv import Bench
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Access, checked_site

BENCH = Bench("/home/frappe/bench", database_user="admin")
SITE = "acme.example"
TRICKS = [
	*(
		"",
		"--force",
		"-x.example",
		"a b.example",
		"x; rm -rf /",
		"$(id).example",
		"`id`.example",
		"../other.example",
	),
	*(
		"acme",
		"acme..example",
		"Acme.example",
		"acme.example\n",
		"acme.example\x00",
		".example",
		"a/b.example",
	),
	*(
		"acme.example/",
		"*.example",
		"acme_.example",
		f"{'a' * 64}.example",
		".".join(["abc"] * 40),
		"ácme.example",
	),
]


@pytest.mark.parametrize("site", TRICKS)
def test_a_name_that_is_no_plain_domain_is_refused_by_every_verb(site: str):
	verbs = (
		lambda: checked_site(site),
		lambda: bench_argv.new_site(BENCH, site, []),
		lambda: bench_argv.drop_site(BENCH, site),
		lambda: bench_argv.migrate(BENCH, site),
		lambda: bench_argv.set_access(BENCH, site, Access(Mode.FULL)),
		lambda: bench_argv.alone(BENCH, site, ["true"]),
		lambda: BENCH.site_path(site),
	)
	for verb in verbs:
		with pytest.raises(DomainError) as refused:
			verb()
		assert refused.value.code == "site_name_refused"


@pytest.mark.parametrize(
	"path", ["relative", "/a/../b", "/a b", "/a;b", "/a$b", "/", "//a", "/a\n", "-/a", "/a/", "/.."]
)
def test_a_path_with_anything_but_plain_names_is_refused(path: str):
	for verb in (
		bench_argv.read_file,
		bench_argv.write_file,
		bench_argv.remove_folder,
		bench_argv.list_files,
	):
		with pytest.raises(DomainError) as refused:
			verb(path)
		assert refused.value.code == "word_refused"


@pytest.mark.parametrize("app", ["", "--force", "Frappe", "a b", "../x", "a;b", "1a"])
def test_an_app_with_another_name_than_a_module_is_refused(app: str):
	with pytest.raises(DomainError):
		bench_argv.new_site(BENCH, SITE, [app])


@pytest.mark.parametrize(
	"words",
	[
		{"path": "bench"},
		{"path": "/b", "command": "bench --site all"},
		{"path": "/b", "command": "-v"},
		{"path": "/b", "database_user": "root --x"},
		{"path": "/b", "database_host": "-h"},
		{"path": "/b", "database_host": "db;id"},
	],
)
def test_a_bench_described_by_anything_but_names_is_refused(words: dict):
	with pytest.raises(DomainError) as refused:
		Bench(**words)
	assert refused.value.code == "word_refused"


def test_a_new_site_is_made_with_its_apps_on_its_database_host():
	far = Bench("/srv/bench", "/usr/local/bin/bench", "db.internal", "maker")
	assert bench_argv.new_site(far, SITE, ["erpnext", "subscription_tenant"]) == shlex.split(
		"env -C /srv/bench /usr/local/bin/bench new-site acme.example --db-root-username maker"
		" --db-host db.internal --mariadb-user-host-login-scope % --install-app erpnext"
		" --install-app subscription_tenant"
	)


def test_only_what_an_attempt_of_ours_left_is_made_over():
	assert "--force" not in bench_argv.new_site(BENCH, SITE, [])
	assert bench_argv.new_site(BENCH, SITE, [], again=True)[-1] == "--force"


def test_what_a_customer_reads_is_one_word_whatever_it_says():
	reason = '--mode Full; $(reboot) "it\'s"\nunpaid'
	words = bench_argv.set_access(BENCH, SITE, Access(Mode.RESTRICTED, reason, "https://x.example/?a=b&c"))
	assert words[-2:] == [
		'--reason=--mode Full; $(reboot) "it\'s" unpaid',
		"--pay-at=https://x.example/?a=b&c",
	]
	assert shlex.split(shlex.join(words)) == words


def test_no_verb_is_given_a_password():
	words = [
		*bench_argv.new_site(BENCH, SITE, []),
		*bench_argv.drop_site(BENCH, SITE),
		*bench_argv.restore(
			BENCH, SITE, {"database": "/b/d.sql.gz", "public": "/b/p.tar", "private": "/b/q.tar"}
		),
		*bench_argv.set_access(BENCH, SITE, Access(Mode.FULL), asked=True),
	]
	assert [word for word in words if "password" in word.lower()] == []
	assert "SUBSCRIPTION_DB_ROOT_LOGIN=admin" in words


def test_what_changes_a_system_holds_its_lock_and_ends_in_time():
	words = bench_argv.limited(bench_argv.alone(BENCH, SITE, ["true"]), 60)
	assert words == shlex.split(
		"timeout --kill-after=10 60 flock --nonblock --conflict-exit-code=75"
		" /home/frappe/bench/config/subscription-acme.example.lock true"
	)
