"""Does a name in a scenario file stand for something the file knows?"""

from collections.abc import Container, Iterator


def unknown(place: str, name: str | None, known: Container[str], what: str) -> Iterator[tuple[str, str]]:
	if name is not None and name not in known:
		yield place, f"there is no {what} {name}"
