"""Is the access of a site read and written safely, whatever stands in its configuration?"""

import json
import os
from pathlib import Path

import pytest

from subscription_tenant.access import (
	FULL,
	READ_ONLY,
	RESTRICTED,
	Access,
	from_config,
	into_config,
	of_site,
	write,
)

CONFIG = {"db_name": "_1", "db_password": "secret", "developer_mode": 0}


@pytest.fixture
def site(tmp_path: Path) -> Path:
	(tmp_path / "site_config.json").write_text(json.dumps(CONFIG))
	return tmp_path


def config_of(site: Path) -> dict:
	return json.loads((site / "site_config.json").read_text())


def test_a_site_that_says_nothing_is_open() -> None:
	assert from_config(CONFIG) == Access(mode=FULL)


@pytest.mark.parametrize(
	"written", ["Read Only", "", [], 1, {}, {"mode": "read only"}, {"mode": None}, False]
)
def test_what_cannot_be_read_closes(written: object) -> None:
	assert from_config({"subscription_access": written}).mode == RESTRICTED


def test_closing_pauses_the_scheduler_and_opening_leaves_no_trace() -> None:
	closed = into_config(CONFIG, Access(READ_ONLY, "why", "https://pay.example", {"a": ["b"]}))
	assert closed["pause_scheduler"] == 1
	assert from_config(closed) == Access(READ_ONLY, "why", "https://pay.example", {"a": ["b"]})
	assert into_config(closed, Access()) == CONFIG


def test_a_scheduler_that_was_paused_stays_paused() -> None:
	assert into_config({**CONFIG, "pause_scheduler": 1}, Access(paused=True)) == {
		**CONFIG,
		"pause_scheduler": 1,
	}


def test_writing_keeps_the_rest_and_the_rights_of_the_file(site: Path) -> None:
	path = site / "site_config.json"
	path.chmod(0o640)
	write(str(site), Access(READ_ONLY, "Müßig"))
	assert {key: config_of(site)[key] for key in CONFIG} == CONFIG
	assert path.stat().st_mode & 0o777 == 0o640
	assert [each.name for each in site.iterdir()] == ["site_config.json"]


def test_a_write_that_fails_leaves_the_file_as_it_was(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	def full_disk(_handle: int) -> None:
		raise OSError(28, "No space left on device")

	monkeypatch.setattr(os, "fsync", full_disk)
	with pytest.raises(OSError, match="No space"):
		write(str(site), Access(READ_ONLY))
	assert config_of(site) == CONFIG
	assert [each.name for each in site.iterdir()] == ["site_config.json"]


def test_a_change_is_seen_at_once(site: Path) -> None:
	for access in (Access(READ_ONLY), Access(RESTRICTED), Access(READ_ONLY, "x"), Access()):
		write(str(site), access)
		assert of_site(str(site)).mode == access.mode
	(site / "site_config.json").write_text(
		json.dumps({**CONFIG, "subscription_access": {"mode": RESTRICTED}})
	)
	assert of_site(str(site)).mode == RESTRICTED
