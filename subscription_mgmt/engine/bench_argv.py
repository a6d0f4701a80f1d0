"""With which words is a bench told what to do? Lists of words, never a line for a shell.

Names and paths are checked, options never come from data, and no password is among the words: others on the machine can
read those. Whatever is changed is done under a lock that lives on the system's own machine (`flock`) as long as the
command does, so that a worker who was killed and whose command goes on is not overtaken by the next.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.systems import Access, checked_site

Argv = list[str]

APP_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,139}")
PATH = re.compile(r"/[A-Za-z0-9_@.+-]+(/[A-Za-z0-9_@.+-]+)*")
COMMAND = re.compile(r"(/[A-Za-z0-9_.-]+)*/?[A-Za-z0-9_][A-Za-z0-9_.-]*")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,250}[A-Za-z0-9])?")
USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}")

BUSY = 75  # what flock answers when the system is worked on already: EX_TEMPFAIL
TIMED_OUT = (124, 137)  # what timeout answers: asked to end, killed
SECONDS_TO_END = 10


def checked(kind: re.Pattern[str], text: str) -> str:
	"""Raises DomainError `word_refused`."""
	if not kind.fullmatch(text) or ".." in text.split("/"):
		raise DomainError("word_refused", word=text)
	return text


@dataclass(frozen=True)
class Bench:
	"""A bench on some machine. `database_host` empty: the one that the bench itself names."""

	path: str
	command: str = "bench"
	database_host: str = ""
	database_user: str = "root"

	def __post_init__(self) -> None:
		checked(PATH, self.path)
		checked(COMMAND, self.command)
		checked(USER, self.database_user)
		if self.database_host:
			checked(HOST, self.database_host)

	def site_path(self, site: str) -> str:
		return f"{self.path}/sites/{checked_site(site)}"

	def backups(self, site: str) -> str:
		"""Not among the site's own backups: bench takes a folder there for an old file, which it cannot remove."""
		return f"{self.site_path(site)}/private/subscription-backups"

	def lock(self, site: str) -> str:
		return f"{self.path}/config/subscription-{checked_site(site)}.lock"

	def unfinished(self, site: str) -> str:
		"""A file that is there while a new site is being made: what it stands beside may be made anew."""
		return f"{self.path}/config/subscription-{checked_site(site)}.new"


def limited(argv: Sequence[str], seconds: int) -> Argv:
	"""Ended on its own machine, also when nobody waits for it any more."""
	return ["timeout", f"--kill-after={SECONDS_TO_END}", str(int(seconds)), *argv]


def alone(bench: Bench, site: str, argv: Sequence[str]) -> Argv:
	"""Refused with BUSY while another command changes the same system."""
	return ["flock", "--nonblock", f"--conflict-exit-code={BUSY}", bench.lock(site), *argv]


def in_bench(bench: Bench, *words: str) -> Argv:
	return ["env", "-C", bench.path, bench.command, *words]


def on_site(bench: Bench, site: str, *words: str) -> Argv:
	return in_bench(bench, "--site", checked_site(site), *words)


def new_site(bench: Bench, site: str, apps: Sequence[str], again: bool = False) -> Argv:
	"""`again`: over what an unfinished attempt of ours left."""
	words = ["new-site", checked_site(site), "--db-root-username", bench.database_user]
	if bench.database_host:
		words += ["--db-host", bench.database_host, "--mariadb-user-host-login-scope", "%"]
	for app in apps:
		words += ["--install-app", checked(APP_NAME, app)]
	return in_bench(bench, *words, *(["--force"] if again else []))


def drop_site(bench: Bench, site: str) -> Argv:
	"""Its files are not moved among the bench's archives, but to `discarded`, for whoever removes them. Begun anew, it
	goes on."""
	words = ["drop-site", checked_site(site), "--no-backup", "--force"]
	words += ["--archived-sites-path", discarded(bench, site)]
	return in_bench(bench, *words, "--db-root-username", bench.database_user)


def discarded(bench: Bench, site: str) -> str:
	return f"{bench.path}/archived/discarded-{checked_site(site)}"


def is_scheduler_off(bench: Bench, site: str) -> Argv:
	"""Says `true` when it is."""
	return on_site(bench, site, "execute", "frappe.utils.scheduler.is_scheduler_disabled")


def enable_scheduler(bench: Bench, site: str) -> Argv:
	return on_site(bench, site, "enable-scheduler")


def backup(bench: Bench, site: str, folder: str) -> Argv:
	return on_site(bench, site, "backup", "--with-files", "--backup-path", checked(PATH, folder))


def restore(bench: Bench, site: str, files: Mapping[str, str]) -> Argv:
	"""`files`: path by kind (database, public, private)."""
	words = ["restore", checked(PATH, files["database"]), "--db-root-username", bench.database_user]
	if "public" in files:
		words += ["--with-public-files", checked(PATH, files["public"])]
	if "private" in files:
		words += ["--with-private-files", checked(PATH, files["private"])]
	return on_site(bench, site, *words)


def migrate(bench: Bench, site: str) -> Argv:
	return on_site(bench, site, "migrate")


def list_apps(bench: Bench, site: str) -> Argv:
	return on_site(bench, site, "list-apps")


def get_access(bench: Bench, site: str) -> Argv:
	return on_site(bench, site, "subscription-access", "get")


def set_access(bench: Bench, site: str, access: Access, asked: bool = False) -> Argv:
	"""What is said to the customer is joined to its option by `=`: it may begin with a dash. `asked`: for the password
	of the database's user, which it then reads."""
	words = on_site(
		bench,
		site,
		"subscription-access",
		"set",
		"--mode",
		access.mode.value,
		f"--reason={_one_line(access.reason)}",
		f"--pay-at={_one_line(access.pay_at)}",
	)
	login = [f"SUBSCRIPTION_DB_ROOT_LOGIN={bench.database_user}"] if asked else []
	return [*words[:3], *login, *words[3:]]


def fingerprint(bench: Bench, site: str) -> Argv:
	return on_site(bench, site, "subscription-fingerprint")


def usage(bench: Bench, site: str, since: str) -> Argv:
	return on_site(bench, site, "subscription-usage", "--since", since)


def version(bench: Bench) -> Argv:
	return in_bench(bench, "version")


def read_file(path: str) -> Argv:
	return ["cat", checked(PATH, path)]


def write_file(path: str) -> Argv:
	"""Writes what it is given; stored for good before it answers."""
	return ["dd", f"of={checked(PATH, path)}", "bs=1M", "iflag=fullblock", "conv=fsync", "status=none"]


def move_file(path: str, to: str) -> Argv:
	return ["mv", "-T", checked(PATH, path), checked(PATH, to)]


def remove_file(path: str) -> Argv:
	return ["rm", "-f", checked(PATH, path)]


def remove_folder(path: str) -> Argv:
	return ["rm", "-rf", checked(PATH, path)]


def make_folder(path: str) -> Argv:
	return ["mkdir", "-p", checked(PATH, path)]


def list_files(folder: str) -> Argv:
	"""Size in bytes and path of each file, a line each."""
	return ["find", checked(PATH, folder), "-type", "f", "-printf", "%s %p\\n"]


def is_there(path: str) -> Argv:
	return ["test", "-e", checked(PATH, path)]


def checked_label(label: str) -> str:
	"""A name for a folder of its own: no path, no option, nothing hidden."""
	return checked(LABEL, label)


def _one_line(text: str) -> str:
	return " ".join(text.split()).replace("\x00", "")
