"""What can be done without a site? `python -m subscription_mgmt simulate FILE.yaml`, `verify-licence FILE`"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from subscription_mgmt import verify_licence

MISTAKE_IN_FILE = 2


def main(arguments: Sequence[str] | None = None) -> int:
	"""0: the scenario ran, or the key is good; 1: the key is refused; 2: something is wrong with a file."""
	try:
		options = _parser().parse_args(arguments)
		return options.run(options)
	except BrokenPipeError:
		# Whoever reads, `head` perhaps, has seen enough.
		return 0
	finally:
		_hand_over_output()


def _hand_over_output() -> None:
	"""What is still buffered, here: on the way out, Python would complain of a reader that has gone."""
	try:
		if sys.stdout:
			sys.stdout.flush()
	except BrokenPipeError:
		os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _simulate(options: argparse.Namespace) -> int:
	from subscription_mgmt.simulation.yaml_file import FileError

	try:
		return run(options.file, options.until, options.json, options.html)
	except FileError as error:
		print(error, file=sys.stderr)
		return MISTAKE_IN_FILE


def run(file: Path, until: date | None, as_json: bool, html: Path | None) -> int:
	# Here, not above: verifying a licence needs none of what a simulation does.
	from subscription_mgmt.simulation.page import page
	from subscription_mgmt.simulation.progress import progress
	from subscription_mgmt.simulation.run import simulate
	from subscription_mgmt.simulation.scenario_file import last_day, read_scenario
	from subscription_mgmt.simulation.table import print_table

	scenario = read_scenario(file)
	result = simulate(scenario, last_day(scenario, until), progress)
	if html:
		_write(html, page(result))
	if as_json:
		print(json.dumps(result, ensure_ascii=False, indent=1))
	else:
		print_table(result)
	return 0


def _write(path: Path, text: str) -> None:
	from subscription_mgmt.simulation.yaml_file import FileError

	try:
		path.write_text(text, encoding="utf-8")
	except OSError as error:
		raise FileError(f"{path}: {error.strerror}") from None


def _parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(prog="python -m subscription_mgmt")
	verbs = parser.add_subparsers(dest="verb", required=True)
	verb = verbs.add_parser("simulate", help="run a scenario file, day by day, on a test clock")
	verb.add_argument("file", type=Path, metavar="FILE.yaml")
	verb.add_argument(
		"--until", type=date.fromisoformat, metavar="DATE", help="last day, instead of the file's"
	)
	verb.add_argument(
		"--json", action="store_true", help="print one JSON object, as SCENARIOS.md describes it"
	)
	verb.add_argument(
		"--html", type=Path, metavar="OUT", help="also write a page with a timeline per contract"
	)
	verb.set_defaults(run=_simulate)
	verify_licence.add_to(verbs)
	return parser


if __name__ == "__main__":
	sys.exit(main())
