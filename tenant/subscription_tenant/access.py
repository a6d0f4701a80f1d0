"""How may this site be used? One key of its `site_config.json` says so; no database is asked."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

KEY = "subscription_access"
PAUSE = "pause_scheduler"  # Frappe's own key

FULL, READ_ONLY, RESTRICTED = "Full", "Read Only", "Restricted"
MODES = (FULL, READ_ONLY, RESTRICTED)


@dataclass(frozen=True, slots=True)
class Access:
	"""
	mode:    Full, Read Only or Restricted
	reason:  the vendor's own sentence for the customer; may be empty
	pay_at:  where to pay, an http(s) address; may be empty
	grants:  what the database accounts of the site held before, by account (`user@host`), to be given back
	paused:  the scheduler was paused before, and stays so after
	"""

	mode: str = FULL
	reason: str = ""
	pay_at: str = ""
	grants: dict[str, list[str]] = field(default_factory=dict)
	paused: bool = False

	@property
	def is_full(self) -> bool:
		return self.mode == FULL


def from_config(config: dict) -> Access:
	"""A key that cannot be read closes the site rather than opening it."""
	written = config.get(KEY)
	if written is None:
		return Access()
	if not isinstance(written, dict) or written.get("mode") not in MODES:
		return Access(mode=RESTRICTED)
	return Access(
		mode=written["mode"],
		reason=str(written.get("reason") or ""),
		pay_at=str(written.get("pay_at") or ""),
		grants=dict(written.get("grants") or {}),
		paused=bool(written.get("paused")),
	)


def into_config(config: dict, access: Access) -> dict:
	"""The same configuration with this access. A site with full access carries no trace of ours."""
	changed = {key: value for key, value in config.items() if key not in (KEY, PAUSE)}
	if not access.is_full or access.grants:
		changed[KEY] = {
			"mode": access.mode,
			"reason": access.reason,
			"pay_at": access.pay_at,
			"grants": access.grants,
			"paused": access.paused,
		}
	if not access.is_full or access.paused:
		changed[PAUSE] = 1
	return changed


_read: dict[str, tuple[tuple, Access]] = {}


def of_site(site_path: str) -> Access:
	"""As the file stands now: Frappe 16 keeps a site's configuration for a minute, and a console longer still."""
	path = os.path.join(site_path, "site_config.json")
	status = os.stat(path)
	version = (status.st_mtime_ns, status.st_ino, status.st_size)
	known = _read.get(path)
	if known is None or known[0] != version:
		known = _read[path] = (version, from_config(json.loads(Path(path).read_text(encoding="utf-8"))))
	return known[1]


def write(site_path: str, access: Access) -> None:
	"""Whole or not at all, whenever it is interrupted: the file also holds the site's database password."""
	path = Path(site_path) / "site_config.json"
	config = into_config(json.loads(path.read_text(encoding="utf-8")), access)
	handle, temporary = tempfile.mkstemp(dir=site_path, prefix=".site_config-")
	try:
		with os.fdopen(handle, "w", encoding="utf-8") as file:
			json.dump(config, file, indent=1, sort_keys=True)
			file.flush()
			os.fsync(file.fileno())
		as_it_was = path.stat()
		os.chmod(temporary, as_it_was.st_mode & 0o777)
		if (as_it_was.st_uid, as_it_was.st_gid) != (os.geteuid(), os.getegid()):
			os.chown(temporary, as_it_was.st_uid, as_it_was.st_gid)
		os.replace(temporary, path)
	except BaseException:
		os.unlink(temporary)
		raise
