"""On which server is a new system made?"""

from hypothesis import given
from hypothesis import strategies as st

from subscription_mgmt.engine.placement import Server, least_loaded


def test_the_one_with_the_smallest_part_taken_gets_it():
	small, large = Server("small", 10, 3), Server("large", 100, 20)
	assert least_loaded([small, large]) is large


def test_of_equal_ones_the_larger_then_the_first_by_name():
	assert least_loaded([Server("a", 10, 0), Server("b", 20, 0)]).name == "b"
	assert least_loaded([Server("b", 10, 5), Server("a", 10, 5)]).name == "a"


def test_a_full_one_takes_nothing_whoever_filled_it():
	assert least_loaded([Server("full", 10, 10), Server("closed", 0, 0), Server("over", 5, 9)]) is None
	assert least_loaded([]) is None


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6), st.integers(0, 40))
def test_capacity_is_kept_however_many_come(sizes, many: int):
	servers = {str(n): Server(str(n), capacity, systems) for n, (capacity, systems) in enumerate(sizes)}
	room = sum(max(0, each.capacity - each.systems) for each in servers.values())
	placed = 0
	for _ in range(many):
		chosen = least_loaded(servers.values())
		if chosen is None:
			break
		servers[chosen.name] = Server(chosen.name, chosen.capacity, chosen.systems + 1)
		placed += 1
		assert chosen.systems < chosen.capacity
	assert placed == min(many, room)
