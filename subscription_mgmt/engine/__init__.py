"""The rules. Standard library only: no frappe, no clock, no input or output."""
