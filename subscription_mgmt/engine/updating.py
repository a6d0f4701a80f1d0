"""Did a system lose data while it was brought to another version?"""

from collections.abc import Mapping

# Tables that empty themselves, or hold what an update writes anew.
PASSING = frozenset(
	{
		*("__global_search", "__UserSettings", "tabSessions", "tabError Log", "tabScheduled Job Log"),
		*("tabActivity Log", "tabAccess Log", "tabRoute History", "tabPrepared Report", "tabEmail Queue"),
		*("tabEmail Queue Recipient", "tabNotification Log", "tabRQ Job", "tabSubmission Queue"),
	}
)
MOST_LOST = 0.05  # of a table; a patch may tidy up, but not take more


def lost_in(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
	"""Tables that held rows and are gone, or have lost more than an update may take."""
	return sorted(
		table
		for table, rows in before.items()
		if table not in PASSING and rows and after.get(table, 0) < rows * (1 - MOST_LOST)
	)
