"""Which dunning policies contradict themselves?"""

import pytest

from subscription_mgmt.engine.policies import DunningPolicy, check_dunning
from tests.builders import refused


@pytest.mark.parametrize(
	"policy",
	[
		DunningPolicy("Never"),
		DunningPolicy("Reminds", (1, 5)),
		DunningPolicy("Restricts", (), 10),
		DunningPolicy("Deletes", (1,), 10, 30, (15, 7, 1)),
		DunningPolicy("At once", (), 0, 1, (1,)),
		DunningPolicy("From the first day on", (), 10, 30, (30,)),
		DunningPolicy("Announces nothing that never comes", (), 10, None, (90,)),
	],
	ids=lambda policy: policy.name,
)
def test_a_policy_whose_days_agree_is_taken(policy: DunningPolicy):
	check_dunning(policy)


@pytest.mark.parametrize(
	("policy", "code"),
	[
		(DunningPolicy("P", (-1,)), "negative_figure"),
		(DunningPolicy("P", (), 10, 30, (-1,)), "negative_figure"),
		(DunningPolicy("P", (), 10, 0), "deletes_too_early"),
		(DunningPolicy("P", (), 10, -5), "deletes_too_early"),
		(DunningPolicy("P", (), 10, 30, (15, 31)), "notice_before_restriction"),
	],
)
def test_a_policy_whose_days_contradict_each_other_is_refused(policy: DunningPolicy, code: str):
	with refused(code):
		check_dunning(policy)
