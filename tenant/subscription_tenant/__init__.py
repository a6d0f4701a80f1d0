"""What runs on a customer's site: how far it may be used, what is in it, how much of it is used."""

__version__ = "1.0.0"
