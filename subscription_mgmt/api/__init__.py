"""Whitelisted endpoints for Desk, portal and meters: check rights, call a service, return plain values."""
