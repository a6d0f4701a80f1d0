"""What hooks.py schedules: select once, fan out batches to background workers, commit once per record."""
