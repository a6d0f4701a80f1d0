"""How does a test start an SSH server? OpenSSH's own, on a high port, for this user alone."""

import getpass
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from unittest import SkipTest

START = 10  # seconds


class SshServer:
	"""`host_key`: its public key; `authorized_keys`: a file to write ours into."""

	def __init__(self) -> None:
		program = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
		if program is None:
			raise SkipTest("openssh-server is not installed: there is no sshd to log in to")
		self._folder = tempfile.TemporaryDirectory(prefix="sshd-")
		folder = Path(self._folder.name)
		self.user, self.port = getpass.getuser(), _free_port()
		self.authorized_keys = folder / "authorized_keys"
		self.authorized_keys.touch(0o600)
		key = folder / "host_key"
		subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
		self.host_key = key.with_suffix(".pub").read_text()
		(folder / "sshd_config").write_text(
			f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {key}\nPidFile {folder / 'pid'}\n"
			f"AuthorizedKeysFile {self.authorized_keys}\nUsePAM no\nPasswordAuthentication no\n"
			"KbdInteractiveAuthentication no\nStrictModes no\nMaxStartups 50\n"
		)
		self._log = (folder / "log").open("w")
		words = [program, "-D", "-e", "-f", str(folder / "sshd_config")]
		self._process = subprocess.Popen(words, stderr=self._log, stdin=subprocess.DEVNULL)
		self._wait(folder / "log")

	def stop(self) -> None:
		self._process.terminate()
		self._process.wait(START)
		self._log.close()
		self._folder.cleanup()

	def _wait(self, log: Path) -> None:
		deadline = time.monotonic() + START
		while time.monotonic() < deadline and self._process.poll() is None:
			with socket.socket() as client:
				if client.connect_ex(("127.0.0.1", self.port)) == 0:
					return
			time.sleep(0.05)
		said = log.read_text()
		self.stop()
		raise AssertionError(f"sshd did not start: {said}")


def _free_port() -> int:
	with socket.socket() as taken:
		taken.bind(("127.0.0.1", 0))
		return taken.getsockname()[1]
