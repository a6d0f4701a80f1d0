"""How does a rule refuse? With a code and its figures; `messages.py` words them, translated."""


class DomainError(Exception):
	"""A rule refused. `code` names the rule, `context` holds the figures a sentence needs.

	>>> DomainError("no_price", plan="Basic", interval="Monthly").code
	'no_price'
	"""

	def __init__(self, code: str, **context: object) -> None:
		super().__init__(code, context)
		self.code = code
		self.context = context

	def __str__(self) -> str:
		figures = ", ".join(f"{name}={value}" for name, value in self.context.items())
		return f"{self.code} ({figures})" if figures else self.code
