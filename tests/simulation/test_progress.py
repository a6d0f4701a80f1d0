"""Is a run that takes long seen to go on, and only where somebody watches?"""

import io

from rich.console import Console

from subscription_mgmt.simulation.progress import progress


def watched(seconds_per_day: float, is_terminal: bool) -> tuple[list[int], str]:
	out = io.StringIO()
	console = Console(file=out, force_terminal=is_terminal, width=80)
	ticks = iter(number * seconds_per_day for number in range(1000))
	return list(progress(range(10), console, clock=lambda: next(ticks))), out.getvalue()


def test_progress_hands_on_every_day_and_shows_only_in_a_long_run_on_a_terminal():
	days = list(range(10))
	assert watched(0.1, True) == (days, "")
	assert watched(1.0, False) == (days, "")
	assert watched(1.0, True)[0] == days
	assert "Simulating" in watched(1.0, True)[1]
