"""In which sentence does a person read what was refused, found or done about backups and restores?"""

from collections.abc import Callable


def backup_sentences(_: Callable[[str], str]) -> dict[str, str]:
	return {
		# Second places
		"store_failed": _("{store} did not take or give the file: {reason}"),
		"store_refused": _("{store} does not let us in: {reason}"),
		"store_misses": _("{store} does not have {key} any more."),
		"store_key_refused": _("{key} cannot be a file of a store. Use letters, digits and - _ . / alone."),
		"store_needs_package": _("{store} needs the Python package {package}. Install it on this bench."),
		"store_folder_refused": _("{store}: {folder} is not a full path. Give one from / on."),
		"store_needs_host_key": _(
			"{store} has no host key. Read it with the button, and compare its fingerprint."
		),
		"unknown_store": _("There is no backup store {store}. Choose one of the Backup Store list."),
		# What is wrong with a backup
		"dump_missing": _("The backup has {files} files, and none of them is a database."),
		"dump_without_tables": _("{file} holds no table at all, in {size}: the dump is empty."),
		"dump_cut_off": _("{file} ends before its end, after {tables} tables."),
		"dump_misses_tables": _("{file} lacks {missing} tables of the system, for example {table}."),
		"dump_without_rows": _("{file} has {tables} tables without a single row."),
		"archive_broken": _("{file} is not a whole archive: {reason}"),
		"file_changed": _("{file} changed while it was read: {found} bytes instead of {expected}."),
		"file_empty": _("{file} is empty."),
		"copy_differs": _("{file} is not what was stored."),
		"decryption_failed": _(
			"{what} cannot be decrypted: it was changed, or needs another key ({reason})."
		),
		"backup_small": _("{size}, where {usual} is usual. Look at it, then approve it or back up again."),
		"given_up": _(
			"{run} was given up: its worker died or failed several times. See its Hosting Operation."
		),
		"unforeseen": _("{system} failed in a way nobody foresaw: {reason}. See the Error Log."),
		# Runs
		"unknown_backup": _("There is no backup {run}."),
		"unknown_restore": _("There is no restore {run}."),
		"changed_meanwhile": _("{run} is {status} by now. Reload it."),
		"backup_move_refused": _(
			"{run} is {status}; {event} is not possible now. Reload it to see its status."
		),
		"restore_move_refused": _(
			"{run} is {status}; {event} is not possible now. Reload it to see its status."
		),
		"backup_not_there": _(
			"{run} is {status}: there is nothing to restore or to keep. Choose another backup."
		),
		"backup_requested_lately": _("A backup was asked for in the last {hours} hours. Use that one."),
		"restore_at_work": _("{run} of {instance} is not finished. Wait for it, or decline it."),
		"nothing_to_restore": _("{instance} has no good backup yet. Take one first."),
		"no_safety_backup": _(
			"The state before could not be saved (see {run}), so nothing was changed. Restore without a safety backup if it is not worth keeping."
		),
		"not_a_scratch_site": _("{site} is not the name of a scratch system. Nothing was dropped."),
		"table_missing": _("The restored copy lacks the table {table}."),
		"rows_differ": _("{table} has {found} rows in the restored copy, instead of {expected}."),
		"newest_differs": _("The newest record of the restored copy is of {found}, instead of {expected}."),
		"download_refused": _("The link has expired, or is not whole. Ask for a new one."),
		"no_backup_terms": _(
			"Nothing is agreed on backups of {instance}. Give it or its plan a backup policy."
		),
		# In a contract's history
		"restored": _("{instance} was restored from backup {backup}"),
		"restore_failed": _("{instance} could not be restored from backup {backup}: see {run}"),
		"backup_requested": _("A backup of {instance} was asked for"),
		"restore_requested": _("A restore of {instance} from backup {backup} was asked for"),
		"backup_downloaded": _("{file} of backup {backup} was downloaded"),
	}
