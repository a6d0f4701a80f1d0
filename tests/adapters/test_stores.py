"""Does each kind of second place keep what it was given, whole or not at all?"""

import hashlib
import io
import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from subscription_mgmt.adapters.s3_store import PART
from subscription_mgmt.adapters.store_places import Place, store_at
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.services.hosting_ports import Store
from subscription_mgmt.tests.places import SFTP_SERVER, SSHD, s3_place, sftp_place
from tests.builders import refused

KEY = "acme.example/BKP-00001/database.sql.gz"
CONTENT = b"rows and rows " * 300_000


@pytest.fixture(scope="module", params=["Folder", "SFTP", "S3"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
	folder = tmp_path_factory.mktemp(request.param)
	if request.param == "Folder":
		yield Place("Disk", "Folder", folder=str(folder))
	elif request.param == "SFTP":
		if not (SSHD and SFTP_SERVER):
			pytest.skip("no OpenSSH server here")
		with sftp_place(folder) as far:
			yield far
	else:
		with s3_place(folder) as bucket:
			yield bucket


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
	store = store_at(place)
	yield store
	for key in list(store.keys("")):
		store.remove(key)


class BreaksOff:
	"""A stream that ends in an error after so many bytes."""

	def __init__(self, after: int) -> None:
		self.left = after

	def read(self, size: int = -1) -> bytes:
		if self.left <= 0:
			raise DomainError("provider_failed", system="acme.example", reason="the dump broke off")
		piece = bytes(min(self.left, size if size > 0 else self.left))
		self.left -= len(piece)
		return piece


def stored(store: Store, key: str = KEY) -> bytes:
	with store.open(key) as stream:
		return b"".join(iter(lambda: stream.read(1 << 20), b""))


@pytest.mark.parametrize("content", [b"", b"x", CONTENT])
def test_what_was_put_is_read_again_with_its_size_and_checksum(store: Store, content: bytes):
	assert store.put(KEY, io.BytesIO(content)) == (len(content), hashlib.sha256(content).hexdigest())
	assert stored(store) == content


def test_keys_are_listed_by_their_beginning_and_removed_once_or_twice(store: Store):
	for key in ("acme.example/1/a", "acme.example/2/a", "other.example/1/a"):
		store.put(key, io.BytesIO(b"x"))
	assert list(store.keys("acme.example/")) == ["acme.example/1/a", "acme.example/2/a"]
	store.remove("acme.example/1/a")
	store.remove("acme.example/1/a")
	assert list(store.keys("")) == ["acme.example/2/a", "other.example/1/a"]


def test_what_is_not_there_is_told(store: Store):
	with refused("store_misses"):
		stored(store)


@pytest.mark.parametrize("after", [0, 5_000_000])
def test_an_upload_that_breaks_off_leaves_nothing_and_says_why(store: Store, after: int):
	with refused("provider_failed"):
		store.put(KEY, BreaksOff(after))
	assert list(store.keys("")) == []


def test_an_upload_that_breaks_off_leaves_the_earlier_copy_as_it_was(store: Store):
	store.put(KEY, io.BytesIO(b"good"))
	with refused("provider_failed"):
		store.put(KEY, BreaksOff(5_000_000))
	assert stored(store) == b"good"


@pytest.mark.parametrize(
	"key", ["", "/etc/passwd", "../up", "a/../../up", "a//b", "a/", ".hidden", "a/.b", "a\nb", "-/x y", "ü"]
)
def test_a_key_leads_nowhere_else(store: Store, key: str):
	for ask in (
		lambda: store.put(key, io.BytesIO(b"x")),
		lambda: stored(store, key),
		lambda: store.remove(key),
	):
		with refused("store_key_refused"):
			ask()


def test_of_a_large_object_no_part_is_seen_before_the_last(tmp_path: Path):
	with s3_place(tmp_path) as place:
		store = store_at(place)
		with refused("provider_failed"):
			store.put(KEY, BreaksOff(PART + 1))
		assert list(store.keys("")) == []
		assert store._client.list_multipart_uploads(Bucket=place.bucket).get("Uploads") is None
		content = bytes(PART + 5)
		assert store.put(KEY, io.BytesIO(content)) == (PART + 5, hashlib.sha256(content).hexdigest())


def test_a_worker_killed_in_the_middle_leaves_no_object_and_the_next_try_clears_up(tmp_path: Path):
	kept = tmp_path / "kept"
	half = """
		import io, os, signal, sys
		from subscription_mgmt.adapters.store_places import Place, store_at
		class Killed:
			n = 0
			def read(self, size=-1):
				self.n += 1
				if self.n == 3: os.kill(os.getpid(), signal.SIGKILL)
				return bytes(1 << 20)
		store_at(Place("Disk", "Folder", folder=sys.argv[1])).put(sys.argv[2], Killed())
	"""
	killed = subprocess.run([sys.executable, "-c", textwrap.dedent(half), str(kept), KEY])
	assert killed.returncode == -9
	store = store_at(Place("Disk", "Folder", folder=str(kept)))
	assert list(store.keys("")) == []
	store.put(KEY, io.BytesIO(b"whole"))
	assert [path.name for path in kept.rglob("*") if path.is_file()] == ["database.sql.gz"]


def test_no_space_left_is_told_and_leaves_nothing(tmp_path: Path):
	full = """
		import io, resource, signal, sys
		from subscription_mgmt.adapters.store_places import Place, store_at
		from subscription_mgmt.engine.errors import DomainError
		signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
		resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
		store = store_at(Place("Disk", "Folder", folder=sys.argv[1]))
		try:
			store.put(sys.argv[2], io.BytesIO(bytes(3 << 20)))
		except DomainError as error:
			print(error, list(store.keys("")))
	"""
	done = subprocess.run(
		[sys.executable, "-c", textwrap.dedent(full), str(tmp_path), KEY], capture_output=True, text=True
	)
	assert done.stdout.strip() == "store_failed (store=Disk, reason=[Errno 27] File too large) []"
	assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_folder_that_depends_on_where_one_stands_is_refused():
	with refused("store_folder_refused"):
		store_at(Place("Disk", "Folder", folder="backups"))


needs_sshd = pytest.mark.skipif(not (SSHD and SFTP_SERVER), reason="no OpenSSH server here")


@needs_sshd
def test_a_machine_that_shows_another_key_gets_nothing(tmp_path: Path):
	(tmp_path / "other").mkdir()
	with sftp_place(tmp_path) as place, sftp_place(tmp_path / "other") as other:
		stranger = store_at(replace(place, host_key=other.host_key))
		with refused("store_refused"):
			stranger.put(KEY, io.BytesIO(b"x"))
		with refused("store_refused"):
			store_at(replace(place, private_key=other.private_key)).put(KEY, io.BytesIO(b"x"))
		assert list(store_at(place).keys("")) == []
	with refused("store_failed"):
		store_at(place).put(KEY, io.BytesIO(b"x"))
	with refused("store_needs_host_key"):
		store_at(replace(place, host_key=" "))


def test_a_bucket_that_is_not_there_is_refused(tmp_path: Path):
	with s3_place(tmp_path) as place:
		with refused("store_refused"):
			store_at(replace(place, bucket="another")).put(KEY, io.BytesIO(b"x"))
	with refused("store_failed"):
		store_at(place).put(KEY, io.BytesIO(b"x"))
