"""Tests on a real bench: real records, invoices and ledger entries. `bash tests/bench.sh` runs them."""
