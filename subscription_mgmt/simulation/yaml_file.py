"""How is a YAML file read so that money stays exact and a key given twice is noticed?"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml


class FileError(Exception):
	"""A mistake in a file: one line that names the place and what is wrong."""

	def __init__(self, line: str) -> None:
		super().__init__(" ".join(line.splitlines()))


class _Loader(yaml.SafeLoader):
	pass


# What YAML takes for a number, tick or day without its being a plain one stays a text: 18:00 is not 1080, 010
# not 8, no not false. A field that wants a number then refuses it, and names the place.
_PLAIN_INT = re.compile(r"[-+]?(0|[1-9][0-9_]{0,17})")
_PLAIN_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal | str:
	text = loader.construct_scalar(node)
	try:
		return Decimal(text.replace("_", ""))
	except ArithmeticError:
		return text


def _int(loader: _Loader, node: yaml.ScalarNode) -> int | str:
	text = loader.construct_scalar(node)
	return int(text.replace("_", "")) if _PLAIN_INT.fullmatch(text) else text


def _bool(loader: _Loader, node: yaml.ScalarNode) -> bool | str:
	text = loader.construct_scalar(node)
	return {"true": True, "false": False}.get(text.lower(), text)


def _day(loader: _Loader, node: yaml.ScalarNode) -> date | str:
	text = loader.construct_scalar(node)
	try:
		return date.fromisoformat(text) if _PLAIN_DAY.fullmatch(text) else text
	except ValueError:
		return text


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
	seen = set()
	for key_node, _ in node.value:
		key = loader.construct_object(key_node, deep=True)
		if isinstance(key, (list, dict)):
			raise yaml.constructor.ConstructorError(
				None, None, "a name must be a plain word", key_node.start_mark
			)
		if key in seen:
			raise yaml.constructor.ConstructorError(None, None, f"{key} is given twice", key_node.start_mark)
		seen.add(key)
	return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:bool", _bool)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> dict:
	"""The mapping a YAML file holds, its decimals as Decimal. Raises FileError."""
	try:
		with path.open(encoding="utf-8") as file:
			content = yaml.load(file, Loader=_Loader)
	except OSError as error:
		raise FileError(f"{path}: {error.strerror}") from None
	except UnicodeDecodeError:
		raise FileError(f"{path}: not a text in UTF-8") from None
	except yaml.MarkedYAMLError as error:
		mark = error.problem_mark
		place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
		raise FileError(f"{path}: {place}{error.problem}") from None
	except yaml.reader.ReaderError as error:
		raise FileError(f"{path}: character {error.position} is not text: {error.reason}") from None
	except RecursionError:
		raise FileError(f"{path}: is nested too deeply") from None
	except (yaml.YAMLError, ValueError) as error:
		raise FileError(f"{path}: {' '.join(str(error).split())}") from None
	if not isinstance(content, dict):
		raise FileError(
			f"{path}: a scenario is a mapping that begins with a name, not {type(content).__name__}"
		)
	return content
