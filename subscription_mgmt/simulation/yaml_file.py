"""How is a YAML file read so that money stays exact and a key given twice is noticed?"""

from decimal import Decimal
from pathlib import Path

import yaml


class FileError(Exception):
	"""A mistake in a file: one line that names the place and what is wrong."""


class _Loader(yaml.SafeLoader):
	pass


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
	text = loader.construct_scalar(node).replace("_", "")
	try:
		return Decimal(text)
	except ArithmeticError:
		raise yaml.constructor.ConstructorError(
			None, None, f"{text} is not an amount", node.start_mark
		) from None


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
	except (yaml.YAMLError, ValueError) as error:
		raise FileError(f"{path}: {' '.join(str(error).split())}") from None
	if not isinstance(content, dict):
		raise FileError(
			f"{path}: a scenario is a mapping that begins with a name, not {type(content).__name__}"
		)
	return content
