"""What is a customer's system to those who run it, and what may its name be?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from subscription_mgmt.engine.access import Mode
from subscription_mgmt.engine.errors import DomainError

MOST_CHARACTERS = 140
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
SITE_NAME = re.compile(rf"{LABEL}(\.{LABEL})+")


def checked_site(name: str) -> str:
	"""The name, when it is a plain lower-case domain and so neither an option, a path nor a command.

	Raises DomainError `site_name_refused`.
	"""
	if len(name) > MOST_CHARACTERS or not SITE_NAME.fullmatch(name):
		raise DomainError("site_name_refused", site=name)
	return name


@dataclass(frozen=True)
class System:
	"""A customer's system as its provider needs it. `site`: its domain; `apps`: what is installed on it beside the
	framework, in order; `settings`: what its server says about itself (folders, addresses), never secrets."""

	site: str
	server: str
	apps: tuple[str, ...] = ()
	settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Access:
	"""A mode, the sentence a person reads who may not go on, and the page on which he can pay."""

	mode: Mode
	reason: str = ""
	pay_at: str = ""


@dataclass(frozen=True)
class BackupFile:
	"""One file of a backup where its server left it. `kind`: database, public, private or config; `size` in bytes."""

	kind: str
	path: str
	size: int


@dataclass(frozen=True)
class Fingerprint:
	"""What tells two copies of a system apart: rows by table, and when its newest record was made."""

	rows: Mapping[str, int]
	newest: datetime | None


@dataclass(frozen=True)
class Reading:
	"""A figure that the system says about itself. `module`: the system's own name of it. `subjects`: who was counted,
	where the system names them (users)."""

	metric: str
	value: int
	module: str | None = None
	subjects: tuple[str, ...] = ()
