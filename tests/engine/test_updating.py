"""Is data that an update lost noticed?"""

import pytest

from subscription_mgmt.engine.updating import lost_in

BEFORE = {"tabCustomer": 100, "tabNote": 1, "tabEmpty": 0, "tabSessions": 50}


@pytest.mark.parametrize(
	("after", "lost"),
	[
		(BEFORE, []),
		({**BEFORE, "tabCustomer": 101, "tabNew": 7}, []),
		({**BEFORE, "tabCustomer": 95}, []),
		({**BEFORE, "tabCustomer": 94}, ["tabCustomer"]),
		({**BEFORE, "tabNote": 0}, ["tabNote"]),
		({**BEFORE, "tabSessions": 0}, []),
		({"tabCustomer": 100}, ["tabNote"]),
		({}, ["tabCustomer", "tabNote"]),
	],
)
def test_a_table_may_shrink_by_a_twentieth_and_no_more(after: dict, lost: list):
	assert lost_in(BEFORE, after) == lost
