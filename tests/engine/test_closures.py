"""Does nobody work in a closure, whole days or some hours, and whatever the clock does meanwhile?"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from subscription_mgmt.engine.calendars import MINUTES_A_DAY, Calendar
from subscription_mgmt.engine.closures import Closure, closed_moments
from subscription_mgmt.engine.working_time import WorkingTime

MADRID = "Europe/Madrid"
ZONE = ZoneInfo(MADRID)
WEEK = {day: ((540, 840), (930, 1110)) for day in range(5)}  # 09:00-14:00, 15:30-18:30: 8 hours


def clock(*closures: Closure, **changes: object) -> WorkingTime:
	fields = {"windows": WEEK, "closures": closed_moments(closures, MADRID)}
	return WorkingTime(Calendar("office", MADRID, **{**fields, **changes}))


def hours(worked: WorkingTime, first: str, last: str) -> float:
	start, end = (datetime.fromisoformat(day).replace(tzinfo=ZONE) for day in (first, last))
	return worked.between(start, end) / 60


def test_whole_days_are_closed_both_ends_included():
	august = clock(Closure(date(2026, 8, 10), date(2026, 8, 14), reason="Vacaciones"))
	assert hours(august, "2026-08-07", "2026-08-18") == 16  # Friday and Monday
	assert hours(clock(), "2026-08-07", "2026-08-18") == 56


def test_a_half_day_closes_only_its_hours():
	eve = clock(Closure(date(2026, 12, 24), date(2026, 12, 24), 840, MINUTES_A_DAY, "Nochebuena"))
	assert hours(eve, "2026-12-24", "2026-12-25") == 5
	due = eve.add(datetime(2026, 12, 24, 13, tzinfo=ZONE), 120)
	assert due == datetime(2026, 12, 25, 10, tzinfo=ZONE)


def test_summer_hours_close_each_afternoon_of_a_range():
	summer = clock(Closure(date(2026, 7, 1), date(2026, 8, 31), 900, MINUTES_A_DAY))
	assert hours(summer, "2026-07-06", "2026-07-11") == 25
	assert hours(summer, "2026-09-01", "2026-09-02") == 8


def test_a_closure_over_a_change_of_the_clock_has_the_length_of_those_days():
	closed = closed_moments([Closure(date(2026, 3, 28), date(2026, 3, 29))], MADRID)
	((start, end),) = closed
	assert (end.timestamp() - start.timestamp()) / 3600 == 47
	always = WorkingTime(Calendar("always", MADRID, closures=closed, always=True))
	assert hours(always, "2026-03-27", "2026-03-31") == 48


def test_closures_that_overlap_are_closed_once():
	both = clock(Closure(date(2026, 8, 10), date(2026, 8, 12)), Closure(date(2026, 8, 12), date(2026, 8, 13)))
	assert hours(both, "2026-08-10", "2026-08-15") == 8
