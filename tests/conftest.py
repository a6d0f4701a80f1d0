"""How do the tests without a site run? The same each time: hypothesis draws no dice of its own."""

from hypothesis import HealthCheck, settings

settings.register_profile(
	"house",
	derandomize=True,
	deadline=None,
	database=None,
	max_examples=60,
	suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
