"""How far is a run that takes long? A bar on a terminal's standard error."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")
SECONDS_BEFORE_PROGRESS = 3.0


def progress(
	days: Sequence[T], console: Console | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[T]:
	"""The days, with a bar on a terminal's standard error once the run has taken three seconds."""
	console = console or Console(stderr=True)
	bar = Progress(
		TextColumn("Simulating"),
		BarColumn(),
		MofNCompleteColumn(),
		TextColumn("days"),
		TimeRemainingColumn(),
		console=console,
		transient=True,
	)
	began, task = clock(), None
	try:
		for done, day in enumerate(days):
			if task is None and console.is_terminal and clock() - began > SECONDS_BEFORE_PROGRESS:
				bar.start()
				task = bar.add_task("days", total=len(days))
			if task is not None:
				bar.update(task, completed=done)
			yield day
	finally:
		if task is not None:
			bar.stop()
