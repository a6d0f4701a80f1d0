"""The only place with records, SQL, HTTP and subprocesses; each implements a port of `services.ports`."""
