"""What does the probe make of servers that answer, fail, drag, lie or hang up?"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from subscription_mgmt.adapters import http_probe
from subscription_mgmt.adapters.http_probe import Target, ask_all, is_web_address
from subscription_mgmt.adapters.public_addresses import is_public
from subscription_mgmt.engine.probing import Answer, Outcome
from subscription_mgmt.tests.answering_server import AnsweringServer

SECONDS = 0.8


@pytest.fixture(scope="module")
def server() -> Iterator[AnsweringServer]:
	with AnsweringServer() as server:
		yield server


def ask(url: str, host: str | None = None, private_allowed: bool = True) -> Answer:
	return ask_all([Target("a", url, host)], private_allowed, SECONDS)["a"]


@pytest.mark.parametrize(
	("path", "outcome", "status"),
	[
		("/", Outcome.ANSWERED, 200),
		("/status/500", Outcome.ANSWERED, 500),
		("/status/204", Outcome.ANSWERED, 204),
		("/continue", Outcome.ANSWERED, 200),
		("/slow?seconds=0.2", Outcome.ANSWERED, 200),
		("/redirect?to=/status/201", Outcome.ANSWERED, 201),
		("/redirect?to=/redirect", Outcome.BROKEN_OFF, None),
		("/redirect?to=ftp://a.example/", Outcome.NO_HTTP, None),
		("/redirect?to=http://[::1/", Outcome.NO_HTTP, None),
		("/drop", Outcome.BROKEN_OFF, None),
		("/half", Outcome.BROKEN_OFF, None),
		("/garbage", Outcome.NO_HTTP, None),
		("/many-headers", Outcome.NO_HTTP, None),
		("/drip", Outcome.TIMED_OUT, None),
		("/hang", Outcome.TIMED_OUT, None),
		("/slow?seconds=3", Outcome.TIMED_OUT, None),
	],
)
def test_each_way_of_answering_is_told_from_the_others(
	server: AnsweringServer, path: str, outcome: Outcome, status: int | None
):
	answer = ask(server.url(path))
	assert (answer.outcome, answer.status) == (outcome, status)


def test_a_redirect_that_leads_in_circles_is_given_up(server: AnsweringServer):
	server.becomes["circle.example"] = "/redirect?to=/again"
	assert ask(server.url(), host="circle.example").outcome is Outcome.TOO_MANY_REDIRECTS
	assert len([host for host, _ in server.asked if host == "circle.example"]) == 4


def test_the_page_of_a_restricted_system_is_known_by_its_mark(server: AnsweringServer):
	assert ask(server.url("/notice/503")).shows_notice
	assert not ask(server.url("/status/503")).shows_notice


def test_the_host_header_is_sent_to_the_first_address_alone(server: AnsweringServer):
	server.asked.clear()
	here = f"http://localhost:{server.port}/there"
	ask(server.url(f"/redirect?to={here}"), host="acme.example")
	assert server.asked == [("acme.example", f"/redirect?to={here}"), (f"localhost:{server.port}", "/there")]


def test_nobody_listening_and_unknown_names_are_silence():
	with socket.socket() as closed:
		closed.bind(("127.0.0.1", 0))
		assert ask(f"http://127.0.0.1:{closed.getsockname()[1]}/").outcome is Outcome.NOT_CONNECTED
	# A resolver may take its time to know nothing.
	unknown = ask_all([Target("a", "http://nowhere.invalid/")], True, seconds=20)["a"]
	assert unknown.outcome is Outcome.NAME_NOT_FOUND


def test_addresses_of_our_own_network_are_refused_unless_allowed(server: AnsweringServer):
	server.asked.clear()
	for url in (
		server.url(),
		f"http://localhost:{server.port}/",
		f"http://[::ffff:127.0.0.1]:{server.port}/",
	):
		assert ask(url, private_allowed=False).outcome is Outcome.ADDRESS_NOT_ALLOWED
	assert server.asked == []


def test_a_public_server_cannot_lead_the_probe_into_our_network(
	server: AnsweringServer, monkeypatch: pytest.MonkeyPatch
):
	"""The first hop passes for public; where it redirects to does not."""
	asked: list[str] = []

	def judged(address: str) -> bool:
		asked.append(address)
		return len(asked) == 1

	monkeypatch.setattr(http_probe, "is_public", judged)
	answer = ask(server.url(f"/redirect?to={server.url('/secret')}"), private_allowed=False)
	assert answer.outcome is Outcome.ADDRESS_NOT_ALLOWED
	assert "/secret" not in [path for _, path in server.asked]


@pytest.mark.parametrize(
	"address",
	[
		*("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
		*(
			"::1",
			"fe80::1%eth0",
			"fd00::1",
			"::ffff:10.0.0.1",
			"64:ff9b::a00:1",
			"224.0.0.1",
			"ff02::1",
			"::",
		),
	],
)
def test_what_is_not_the_open_internet(address: str):
	assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_the_open_internet(address: str):
	assert is_public(address)


@pytest.mark.parametrize(
	"url",
	[
		*("", "acme.example", "ftp://acme.example/", "file:///etc/passwd", "http://", "http:///ping"),
		*("http://user:pw@acme.example/", "http://acme.example/a b", "http://acme.example/\r\nX: y"),
		*("http://acme.example:99999/", "http://acme.example:0/", "http://acme.example/ü", "http://[::1/"),
	],
)
def test_what_is_no_address_of_a_page(url: str):
	assert not is_web_address(url)
	assert ask(url).outcome is Outcome.NO_HTTP


def test_a_certificate_that_nobody_vouches_for_is_refused_and_ours_is_not_to_blame(tmp_path: Path):
	with AnsweringServer(self_signed(tmp_path)) as server:
		answer = ask(server.url())
	assert answer.outcome is Outcome.CERTIFICATE_REFUSED


def test_a_certificate_is_asked_for_by_the_name_of_the_host_header(
	tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
	monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
	with AnsweringServer(self_signed(tmp_path)) as server:
		assert ask(server.url(), host="acme.example").status == 200
		assert ask(server.url(), host="other.example").outcome is Outcome.CERTIFICATE_REFUSED


def test_the_silent_ones_are_waited_for_together(server: AnsweringServer):
	targets = [Target(f"{n}", server.url("/hang" if n % 2 else "/")) for n in range(60)]
	begun = time.monotonic()
	answers = ask_all(targets, True, SECONDS, at_once=30)
	assert time.monotonic() - begun < 3 * SECONDS + 1
	assert [answers[f"{n}"].outcome for n in range(60)] == [Outcome.ANSWERED, Outcome.TIMED_OUT] * 30


def test_a_name_that_hangs_keeps_nobody_waiting(server: AnsweringServer, monkeypatch: pytest.MonkeyPatch):
	found = http_probe.addresses_of

	def hanging(host: str, port: int) -> object:
		if host == "hanging.example":
			time.sleep(4)
		return found(host, port)

	monkeypatch.setattr(http_probe, "addresses_of", hanging)
	targets = [Target(f"{n}", "http://hanging.example/") for n in range(20)]
	begun = time.monotonic()
	answers = ask_all([*targets, Target("last", server.url())], True, SECONDS, at_once=5)
	assert time.monotonic() - begun < 4 * SECONDS + 1
	assert answers["last"].status == 200
	assert answers["0"].outcome is Outcome.TIMED_OUT


def self_signed(folder: Path) -> ssl.SSLContext:
	"""The TLS of a server of acme.example, whose certificate lies in the folder."""
	key = ec.generate_private_key(ec.SECP256R1())
	name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme.example")])
	now = datetime.now(timezone.utc)
	certificate = (
		x509.CertificateBuilder()
		.subject_name(name)
		.issuer_name(name)
		.public_key(key.public_key())
		.serial_number(1)
		.not_valid_before(now - timedelta(days=1))
		.not_valid_after(now + timedelta(days=1))
		.add_extension(
			x509.SubjectAlternativeName(
				[x509.DNSName("acme.example"), x509.IPAddress(ipaddress.ip_address("10.9.8.7"))]
			),
			critical=False,
		)
		.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
		.sign(key, hashes.SHA256())
	)
	(folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
	(folder / "key.pem").write_bytes(
		key.private_bytes(
			serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
		)
	)
	context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
	context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
	return context
