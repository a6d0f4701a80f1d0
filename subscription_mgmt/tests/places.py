"""Which second places do the tests use? Real ones: a folder, an sshd and an S3 server, both started on loopback."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import SkipTest

from subscription_mgmt.adapters.store_places import Place

SECONDS_TO_START = 20
SSHD = shutil.which("sshd") or next((p for p in ("/usr/sbin/sshd",) if Path(p).exists()), None)
SFTP_SERVER = next(
	(p for p in ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server") if Path(p).exists()),
	None,
)


def free_port() -> int:
	with socket.socket() as listener:
		listener.bind(("127.0.0.1", 0))
		return listener.getsockname()[1]


@contextmanager
def child(argv: list[str], port: int, log: Path) -> Iterator[subprocess.Popen]:
	"""A server of the test's own, ended with it."""
	with open(log, "wb") as said:
		process = subprocess.Popen(argv, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
	try:
		_wait(process, port, log)
		yield process
	finally:
		process.kill()
		process.wait()


def _wait(process: subprocess.Popen, port: int, log: Path) -> None:
	until = time.monotonic() + SECONDS_TO_START
	while process.poll() is None and time.monotonic() < until:
		with socket.socket() as probe:
			if probe.connect_ex(("127.0.0.1", port)) == 0:
				return
		time.sleep(0.05)
	raise RuntimeError(f"{process.args} does not answer on {port}: {log.read_text()[-2000:]}")


def _key(path: Path) -> str:
	subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
	return " ".join(path.with_suffix(".pub").read_text().split()[:2])


@contextmanager
def sftp_place(folder: Path) -> Iterator[Place]:
	"""An OpenSSH server that lets in one key, with a key of its own."""
	if not (SSHD and SFTP_SERVER):
		raise SkipTest("openssh-server is not installed: there is no sshd to log in to")
	host_key, own = _key(folder / "host"), _key(folder / "own")
	(folder / "authorized_keys").write_text(own + "\n")
	port = free_port()
	(folder / "sshd_config").write_text(
		f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\n"
		f"AuthorizedKeysFile {folder / 'authorized_keys'}\nStrictModes no\nUsePAM no\n"
		f"PasswordAuthentication no\nPermitRootLogin yes\nSubsystem sftp {SFTP_SERVER}\n"
	)
	if os.geteuid() == 0:
		Path("/run/sshd").mkdir(exist_ok=True)
	(folder / "kept").mkdir()
	with child([str(SSHD), "-D", "-e", "-f", str(folder / "sshd_config")], port, folder / "sshd.log"):
		yield Place(
			"Other machine",
			"SFTP",
			folder=str(folder / "kept"),
			host="127.0.0.1",
			port=port,
			user=getpass.getuser(),
			host_key=host_key,
			private_key=(folder / "own").read_text(),
		)


@contextmanager
def s3_place(folder: Path) -> Iterator[Place]:
	import boto3

	port = free_port()
	argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
	with child(argv, port, folder / "moto.log"):
		place = Place(
			"Bucket",
			"S3",
			folder="vendor/backups",
			bucket="backups",
			endpoint=f"http://127.0.0.1:{port}",
			region="us-east-1",
			access_key="testing",
			secret_key="testing",
		)
		client = boto3.client(
			"s3",
			endpoint_url=place.endpoint,
			region_name=place.region,
			aws_access_key_id="testing",
			aws_secret_access_key="testing",
		)
		client.create_bucket(Bucket=place.bucket)
		yield place
