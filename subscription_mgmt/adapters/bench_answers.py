"""What does a bench say: an error, an answer, the files of a backup?"""

import json
import re

from subscription_mgmt.engine.systems import BackupFile

# A question stands at the beginning of a line, and what follows it may be the answer that counts.
ASKED = re.compile(r"^(?:[^:(]*password:\s*)+|^.*Password input may be echoed.*$", re.IGNORECASE)
# What the bench calls the files of a backup.
KINDS = {
	"database": re.compile(r"-database(-enc)?\.sql(\.gz)?"),
	"private": re.compile(r"-private-files(-enc)?\.(tar|tgz)"),
	"public": re.compile(r"(?<!-private)-files(-enc)?\.(tar|tgz)"),
	"config": re.compile(r"-site_config_backup(-enc)?\.json"),
}


def gist(said: str) -> str:
	"""What a person wants to know of it: the error, not where in the code it was met, nor what was asked for."""
	lines = [line for text in said.splitlines() if (line := ASKED.sub("", text)).strip()]
	if "Traceback (most recent call last):" in lines:
		lines = lines[-1:]
	return "\n".join(lines)[-1000:]


def answer_in(out: str) -> dict | None:
	"""The JSON object that the output ends with, on one line or on several."""
	lines = out.strip().splitlines()
	for text in (lines[-1] if lines else "", out[out.find("{") :]):
		try:
			answer = json.loads(text)
		except ValueError:
			continue
		if isinstance(answer, dict):
			return answer
	return None


def backup_files(listed: str) -> list[BackupFile]:
	"""Of lines with size and path."""
	return [_backup_file(*line.split(" ", 1)) for line in sorted(listed.splitlines())]


def _backup_file(size: str, path: str) -> BackupFile:
	kind = next((kind for kind, ending in KINDS.items() if ending.search(path)), "other")
	return BackupFile(kind, path, int(size))
