"""How is a Hosting Server reached, as its record says, and is what it says in order?"""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

import frappe
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from frappe import _
from frappe.model.document import Document

from subscription_mgmt.adapters.bench_provider import BenchProvider, Secrets
from subscription_mgmt.adapters.manual_provider import ManualProvider
from subscription_mgmt.adapters.runners import Runner, SshRunner, keys_in
from subscription_mgmt.adapters.webhook_provider import WebhookProvider
from subscription_mgmt.engine.bench_argv import APP_NAME, HOST, USER, Bench, checked
from subscription_mgmt.services.hosting_ports import Provider

DOCTYPE = "Hosting Server"
SHORTEST_SECRET = 32


def provider_on(
	server: Document,
	administrator: Callable[[], str] = str,
	order: str = "",
	tell: Callable[[str], None] = lambda said: None,
) -> Provider:
	"""`administrator`: the password with which a system is made. `order`: for what it is asked; asked again for the
	same order, it finds it done. `tell` is given what it says meanwhile."""
	if server.provider == "Webhook":
		return WebhookProvider(
			server.webhook_url, _secret(server, "webhook_secret"), server.name, order, tell
		)
	if server.provider in ("Bench", "SSH Bench"):
		secrets = Secrets(_secret(server, "database_password"), administrator)
		return BenchProvider(bench_of(server), runner_of(server), secrets, tell)
	return ManualProvider()


def bench_of(server: Document) -> Bench:
	return Bench(
		server.bench_path or "",
		server.bench_command or "bench",
		server.database_host or "",
		server.database_user or "root",
	)


def runner_of(server: Document) -> Runner:
	if server.provider != "SSH Bench":
		return Runner()
	return SshRunner(
		host=server.application_host,
		user=server.ssh_user,
		host_keys=server.ssh_host_keys,
		private_key=_secret(server, "ssh_private_key"),
		port=server.ssh_port or 22,
	)


def problem_of(server: Document) -> str | None:
	"""What is wrong with a server's description; DomainError `word_refused` when a word could harm."""
	if server.provider in ("Bench", "SSH Bench"):
		bench_of(server)
		if "\n" in (server.database_password or ""):
			return _("A password has one line.")
	if server.provider == "SSH Bench":
		checked(HOST, server.application_host or "")
		checked(USER, server.ssh_user or "")
		if not keys_in(server.ssh_host_keys or ""):
			return _("The host keys hold no public key. Paste what ssh-keyscan prints.")
	if server.provider == "Webhook":
		return _problem_of_webhook(server)
	return None


def _problem_of_webhook(server: Document) -> str | None:
	url = urlsplit(server.webhook_url or "")
	if not url.hostname or url.username or url.password or url.fragment:
		return _("The webhook's address must be like https://erp.example/hosting.")
	plain = url.scheme == "http" and server.allow_http and is_this_machine(url.hostname)
	if url.scheme != "https" and not plain:
		return _("Webhooks go by HTTPS. Plain HTTP is for this machine alone, where the server allows it.")
	if len(_secret(server, "webhook_secret")) < SHORTEST_SECRET:
		return _("Give a webhook secret of {0} characters or more.").format(SHORTEST_SECRET)
	return None


def is_this_machine(host: str) -> bool:
	if host == "localhost":
		return True
	try:
		return ipaddress.ip_address(host).is_loopback
	except ValueError:
		return False


def new_key_pair(comment: str) -> tuple[str, str]:
	"""(private, public) in OpenSSH's form."""
	key = Ed25519PrivateKey.generate()
	private = key.private_bytes(
		serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
	)
	public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
	return private.decode(), f"{public.decode()} {comment}"


def apps_of(text: str | None) -> tuple[str, ...]:
	"""The apps that an instance lists, a line each. Raises DomainError `word_refused`."""
	names = [name for line in (text or "").splitlines() for name in line.replace(",", " ").split()]
	return tuple(checked(APP_NAME, name) for name in names if name != "frappe")


def _secret(server: Document, field: str) -> str:
	"""As typed just now, or as stored."""
	typed = server.get(field)
	if typed and not server.is_dummy_password(typed):
		return typed
	return server.get_password(field, raise_exception=False) or ""


def note_seen(server: str, problem: str | None) -> None:
	"""The server answered, or why it did not."""
	values = {"last_problem": problem}
	if problem is None:
		values["last_seen"] = frappe.utils.now_datetime()
	frappe.db.set_value(DOCTYPE, server, values, update_modified=False)
