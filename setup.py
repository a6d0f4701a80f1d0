"""For tools that still look for a `setup.py`; `pyproject.toml` describes the package and flit builds it."""

import re
from pathlib import Path

from setuptools import find_packages, setup

PACKAGE = "subscription_mgmt"
source = (Path(__file__).parent / PACKAGE / "__init__.py").read_text(encoding="utf-8")

# pip and bench never come here, because `pyproject.toml` names another build backend. Whoever runs this file
# by hand gets the same name and version; the rest setuptools reads from `pyproject.toml`.
setup(
	name=PACKAGE,
	version=re.search(r'^__version__ = "([^"]+)"', source, re.MULTILINE).group(1),
	packages=find_packages(include=[PACKAGE, f"{PACKAGE}.*"]),
)
