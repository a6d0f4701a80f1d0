"""Is a backup that a machine calls done really one? Its dump is whole, its tables are there, its size is usual."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from statistics import median

COMPARED = 5  # good backups before this one
SMALL_BELOW_PERCENT = 50

CREATED = re.compile(rb"^CREATE TABLE (?:IF NOT EXISTS )?[`\"]([^`\"]+)[`\"]", re.MULTILINE)
FILLED = re.compile(rb"^(?:INSERT INTO|COPY) ", re.MULTILINE)
# At the beginning of a line: no value in a dump has one.
END_MARKS = (b"\n-- Dump completed", b"\n-- PostgreSQL database dump complete")
LONGEST_LINE_START = 1024


@dataclass
class DumpReader:
	"""Reads a database dump piece by piece and keeps what a verdict needs: tables, rows begun, its own end mark."""

	tables: set[str] = field(default_factory=set)
	has_rows: bool = False
	size: int = 0
	_rest: bytes = b""
	_tail: bytes = b""

	def feed(self, piece: bytes) -> None:
		self.size += len(piece)
		self._tail = (self._tail + piece)[-LONGEST_LINE_START:]
		whole, line_end, rest = (self._rest + piece).rpartition(b"\n")
		if line_end:
			self._look_at(whole)
			self._rest = rest[:LONGEST_LINE_START]
		else:
			self._rest = (self._rest + piece)[:LONGEST_LINE_START]

	def _look_at(self, lines: bytes) -> None:
		self.tables |= {found.decode(errors="replace") for found in CREATED.findall(lines)}
		self.has_rows = self.has_rows or FILLED.search(lines) is not None

	def fault(self, expected: Collection[str]) -> tuple[str, dict[str, object]] | None:
		"""(verdict, figures) of the first thing wrong with the dump; None when it is whole. `expected`: the
		tables that the system had."""
		if not self.tables:
			return "dump_without_tables", {"size": self.size}
		if not any(mark in self._tail for mark in END_MARKS):
			return "dump_cut_off", {"tables": len(self.tables)}
		if missing := sorted(set(expected) - self.tables):
			return "dump_misses_tables", {"missing": len(missing), "table": missing[0]}
		if not self.has_rows:
			return "dump_without_rows", {"tables": len(self.tables)}
		return None


def usual_size(sizes: Sequence[int]) -> int | None:
	"""The median of the last good backups' sizes, the newest first; None when there are none."""
	return int(median(sizes[:COMPARED])) if sizes else None


def is_small(size: int, sizes: Sequence[int], below_percent: int = SMALL_BELOW_PERCENT) -> bool:
	"""Whether a backup is suspiciously small beside the last good ones. The first one is taken as it is."""
	usual = usual_size(sizes)
	return usual is not None and size * 100 < usual * below_percent
