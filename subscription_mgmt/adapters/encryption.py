"""How is a backup encrypted before it leaves for the second place, and read again?

The format is age (X25519, ChaCha20-Poly1305 in pieces): any `age` program opens it with the key, without this app.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pyrage

from subscription_mgmt.adapters.streams import Readable, turned
from subscription_mgmt.engine.errors import DomainError


def new_pair() -> tuple[str, str]:
	"""(private, public)."""
	identity = pyrage.x25519.Identity.generate()
	return str(identity), str(identity.to_public())


@contextmanager
def encrypted(content: Readable, public: str) -> Iterator[BinaryIO]:
	recipient = pyrage.x25519.Recipient.from_str(public)
	with turned(content, lambda source, sink: pyrage.encrypt_io(source, sink, [recipient])) as stream:
		yield stream


@contextmanager
def decrypted(content: Readable, private: str, what: str) -> Iterator[BinaryIO]:
	"""Every piece is authenticated before it comes out; a part cut off is told at the end. Raises DomainError
	`decryption_failed`, naming `what`."""
	identity = pyrage.x25519.Identity.from_str(private)

	def turn(source: Readable, sink: BinaryIO) -> None:
		try:
			pyrage.decrypt_io(source, sink, [identity])
		except (pyrage.DecryptError, OSError) as error:
			raise DomainError("decryption_failed", what=what, reason=str(error)) from error

	with turned(content, turn) as stream:
		yield stream
