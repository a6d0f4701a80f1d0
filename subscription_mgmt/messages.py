"""In which sentence does a person read what a rule decided? The only place where codes become words.

Every sentence of a refusal says what to do. `_` is Frappe's translation on a site and nothing in a simulation.
"""

from collections.abc import Callable

from subscription_mgmt.engine.errors import DomainError


def sentences(_: Callable[[str], str]) -> dict[str, str]:
	return {
		# Catalogue
		"no_prices": _("{owner} has no price. Add one to its prices."),
		"negative_price": _("{owner}: the price for {interval} is {amount}. A price must not be negative."),
		"overlapping_prices": _(
			"{owner} has two prices for {interval} in {currency} valid from {day}. Keep one of them, or give the other a later day."
		),
		"no_price": _(
			"{owner} has no price for {interval} in {currency} on {day}. Add one to its prices, or choose another interval."
		),
		"price_needs_interval": _("{owner} recurs: give each price an interval, not Once."),
		"price_needs_once": _("{owner} is sold once: give each price the interval Once."),
		"negative_figure": _("{owner}: {field} must not be negative."),
		"recurring_pack_needs_contract": _(
			"{pack} recurs, so it needs a contract to recur with. Tick Needs Contract, or sell it once."
		),
		"quantity_not_positive": _("{what}: the quantity is {quantity}. Give a quantity of 1 or more."),
		"credits_not_positive": _("{pack} grants no credits. Say how many it grants."),
		"quota_twice": _("{plan} has two quotas for {metric}. Keep one of them."),
		"quota_without_price": _(
			"{plan}: {metric} beyond the quota is billed, but has no price. Add one, or block it."
		),
		"unknown_interval": _("{interval} is not an interval. Choose one of {known}."),
		"unknown_plan": _("There is no plan {plan}. Choose one of the Plan list, or create it."),
		"unknown_pack": _("There is no pack {pack}. Choose one of the Pack list, or create it."),
		# Contracts
		"unknown_contract": _(
			"There is no contract {contract}. Look it up in the Subscription Contract list."
		),
		"contract_exists": _("There is a contract {contract} already. Give the new one another name."),
		"already_active": _("{contract} is {status} already. Reload it to see what was done."),
		"customer_disabled": _("{customer} is disabled. Enable the customer first."),
		"licence_is_bought": _(
			"{plan} is a licence, which is bought and not subscribed to. Choose another plan."
		),
		"end_before_start": _(
			"{contract} would end on {end}, not after it starts on {start}. Choose a later end, or leave it empty."
		),
		"contract_not_active": _("{contract} is a draft. Activate it first."),
		"contract_over": _("{contract} is over ({status}). Make a new contract instead."),
		"move_refused": _(
			"{contract} is {status}; {event} is not possible now. Reload it to see its status."
		),
		"committed": _("{contract} is committed until {until}. Cancel it for the end of its period instead."),
		# Packs
		"pack_needs_module": _("{pack} is sold per module. Say for which module."),
		"pack_not_per_module": _("{pack} is not sold per module. Leave the module {module} out."),
		"pack_not_on_contract": _(
			"{contract} has no {pack} (module {module}) to remove. Choose one of its packs."
		),
		"fewer_packs": _(
			"{contract} has {held} of {pack}, so {asked} cannot be removed. Give a smaller quantity."
		),
		# Payments
		"nothing_open": _("{payer} has nothing open to pay."),
		# Charges
		"charged_before": _("{key} was charged before. Nothing was charged again; reload and look."),
		"credit_needs_invoice": _(
			"The unused days of {what} can only be credited against a submitted invoice, not {invoice}. Submit the invoice first."
		),
		"no_item": _("{what} names no Item. Save its Plan or Pack again, and an Item is made."),
		# What happened
		"pack_added": _("Added {quantity} × {pack} (module {module})"),
		"pack_removed": _("Removes {quantity} × {pack} (module {module}) at the end of the period"),
		"renewal_on": _("Renews tacitly again"),
		"renewal_off": _("Does not renew; ends on {day}"),
		"cancelled_for": _("Cancelled; ends on {day}"),
	}


def worded(error: DomainError, _: Callable[[str], str] = str) -> str:
	"""The sentence for a refusal."""
	return phrase(error.code, error.context, _)


def phrase(code: str, figures: dict[str, object], _: Callable[[str], str] = str) -> str:
	return sentences(_)[code].format(**figures)
