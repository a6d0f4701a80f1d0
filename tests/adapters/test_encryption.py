"""Is what goes to the second place unreadable without the key, and is a changed or cut file told from a whole one?"""

import io

import pytest

from subscription_mgmt.adapters.encryption import decrypted, encrypted, new_pair
from subscription_mgmt.adapters.streams import PIECE, Measured, Readable
from subscription_mgmt.engine.errors import DomainError

PRIVATE, PUBLIC = new_pair()
CONTENT = bytes(range(256)) * 2_000 + b"the end"


def drained(content: Readable) -> None:
	while content.read(PIECE):
		pass


def sealed(content: bytes = CONTENT) -> bytes:
	with encrypted(io.BytesIO(content), PUBLIC) as stream:
		return stream.read()


def opened(content: bytes, private: str = PRIVATE) -> bytes:
	with decrypted(io.BytesIO(content), private, "acme/database.sql.gz") as stream:
		return b"".join(iter(lambda: stream.read(PIECE), b""))


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, bytes(1 << 16), bytes((1 << 16) * 3)])
def test_what_was_encrypted_is_read_as_it_was(content: bytes):
	assert opened(sealed(content)) == content


def test_nothing_of_the_content_can_be_read_and_no_two_copies_are_alike():
	assert b"the end" not in sealed()
	assert sealed() != sealed()


@pytest.mark.parametrize(
	"spoil",
	[
		lambda whole: whole[:-1],
		lambda whole: whole[: len(whole) // 2],
		lambda whole: b"",
		lambda whole: whole + b"x",
		lambda whole: whole[:300_000] + bytes([whole[300_000] ^ 1]) + whole[300_001:],
		lambda whole: CONTENT,
	],
	ids=["last byte cut off", "half", "empty", "longer", "one bit changed", "never encrypted"],
)
def test_a_spoilt_copy_is_refused(spoil):
	with pytest.raises(DomainError, match="decryption_failed"):
		opened(spoil(sealed()))


def test_another_key_opens_nothing():
	with pytest.raises(DomainError, match="decryption_failed"):
		opened(sealed(), new_pair()[0])


def test_a_source_that_breaks_off_is_told_by_its_own_error():
	class BreaksOff(io.BytesIO):
		def read(self, size: int = -1) -> bytes:
			if self.tell() > 100_000:
				raise ConnectionResetError("the cable was pulled")
			return super().read(min(size, 50_000))

	with (
		pytest.raises(ConnectionResetError, match="cable"),
		encrypted(BreaksOff(CONTENT), PUBLIC) as stream,
	):
		drained(stream)


def test_who_reads_only_the_beginning_leaves_no_thread_behind():
	with encrypted(io.BytesIO(bytes(50 << 20)), PUBLIC) as stream:
		stream.read(10)


def test_size_and_checksum_are_those_of_what_was_read():
	measured = Measured(io.BytesIO(b"abc"))
	drained(measured)
	assert measured.size == 3
	assert measured.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
