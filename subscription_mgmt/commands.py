"""What can be done from a terminal with a site? `bench --site SITE COMMAND`"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

import click
import frappe
from frappe.commands import get_site, pass_context
from frappe.utils import strip_html

MISTAKE = 2
BROKEN = 1


@click.command("import-catalogue")
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def import_catalogue(context: frappe._dict, file: Path) -> None:
	"""Put the plans, packs, modules and policies of a scenario FILE into the site; twice changes nothing."""
	from subscription_mgmt.adapters.catalogue_import import put
	from subscription_mgmt.simulation.as_records import records_of
	from subscription_mgmt.simulation.scenario_file import read_catalogue

	with _mistakes_in_one_line(), _connected(context):
		counts = put(records_of(read_catalogue(_from_bench(file))))
		frappe.db.commit()
	_print_counts(counts)


@click.command("simulate-subscriptions")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, instead of the file's.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write a page with a timeline.")
@pass_context
def simulate_subscriptions(
	context: frappe._dict, file: Path, until: datetime | None, as_json: bool, html: Path | None
) -> None:
	"""Run a scenario FILE day by day on a test clock; nothing on the site is read or changed."""
	from subscription_mgmt.__main__ import run

	with _mistakes_in_one_line():
		html = _above_sites(html) if html else None
		sys.exit(run(_from_bench(file), until.date() if until else None, as_json, html))


@click.command("load-subscription-demo")
@click.option("--file", default="fr", show_default=True, help="bo, mx, fr, es, uk, or a scenario file.")
@pass_context
def load_subscription_demo(context: frappe._dict, file: str) -> None:
	"""Fill the site with the customers, contracts and invoices of an example; the year ends today."""
	from subscription_mgmt.demo.load import load

	with _mistakes_in_one_line(), _connected(context):
		for line in load(_example(file), _progress_bar):
			click.echo(line)


def _progress_bar(steps: list, label: str) -> AbstractContextManager[Iterable]:
	"""A bar on a terminal; nothing in a log."""
	if sys.stderr.isatty():
		return click.progressbar(steps, label=label, file=sys.stderr)
	return nullcontext(steps)


@click.command("verify-activity")
@click.option("--contract", help="Only this one; also prints where its history stands, to be kept elsewhere.")
@pass_context
def verify_activity(context: frappe._dict, contract: str | None) -> None:
	"""Say whether the history of every contract holds; exit 1 names the first link of each that does not."""
	from subscription_mgmt.adapters.activity_chains import head_of, verify
	from subscription_mgmt.history_words import broken_link

	with _mistakes_in_one_line(), _connected(context):
		verdict = verify(contract)
		for broken in verdict.broken:
			click.echo(broken_link(broken.fault).format(contract=broken.contract, number=broken.number))
		if verdict.broken:
			sys.exit(BROKEN)
		click.echo(f"{verdict.entries} entries of {verdict.contracts} contracts: every link holds.")
		if contract and (head := head_of(contract)):
			click.echo(f"{contract} stands at entry {head.number}, {head.hash or 'no hash'}.")


def _example(file: str) -> Path:
	"""A scenario file, or the example of that name in the app's repository."""
	if file.endswith((".yaml", ".yml")):
		return _from_bench(Path(file))
	examples = Path(__file__).resolve().parents[1] / "examples"
	path = examples / f"{file}.yaml"
	if path.is_file():
		return path
	known = ", ".join(sorted(example.stem for example in examples.glob("*.yaml")))
	raise click.ClickException(
		f"{file}: there are the examples {known}; or name a scenario file that ends in .yaml"
		if known
		else f"{examples} is missing: the app came without its examples; name a scenario file (.yaml)"
	)


def _from_bench(path: Path) -> Path:
	"""A file to read, wherever it was meant from."""
	above = _above_sites(path)
	return above if above.exists() and not path.exists() else path


def _above_sites(path: Path) -> Path:
	"""`bench` runs its commands in the folder `sites`; a path is meant from the bench, one above."""
	return Path("..") / path if Path("apps.txt").exists() and not path.is_absolute() else path


@contextmanager
def _connected(context: frappe._dict) -> Iterator[None]:
	"""Connected as Administrator; whatever was not committed is rolled back."""
	frappe.init(site=get_site(context))
	try:
		frappe.connect()
		yield
	except BaseException:
		# Closing alone would leave in the cache what the database forgets.
		if getattr(frappe.local, "db", None):
			frappe.db.rollback()
		raise
	finally:
		frappe.destroy()


@contextmanager
def _mistakes_in_one_line() -> Iterator[None]:
	from subscription_mgmt.engine.errors import DomainError
	from subscription_mgmt.refusals import sentence
	from subscription_mgmt.simulation.yaml_file import FileError

	try:
		yield
	except FileError as error:
		_give_up(str(error))
	except DomainError as refusal:
		_give_up(sentence(refusal.code, **refusal.context))
	except (frappe.ValidationError, frappe.NameError) as error:
		_give_up(strip_html(str(error)) or type(error).__name__)
	except click.ClickException as error:
		_give_up(error.message)


def _give_up(line: str) -> None:
	click.echo(" ".join(line.split()), err=True)
	sys.exit(MISTAKE)


def _print_counts(counts: Mapping[str, Mapping[str, int]]) -> None:
	if not counts:
		click.echo("The file has no catalogue; nothing was done.")
	for doctype, by_outcome in counts.items():
		figures = ", ".join(
			f"{by_outcome.get(outcome, 0)} {outcome}" for outcome in ("created", "changed", "unchanged")
		)
		click.echo(f"{doctype}: {figures}")


commands = [import_catalogue, simulate_subscriptions, load_subscription_demo, verify_activity]
