"""Subscriptions, licences, hosting and support for ERPNext."""

__version__ = "0.1.0"
