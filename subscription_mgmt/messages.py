"""In which sentence does a person read what a rule decided? The only place where codes become words.

Every sentence of a refusal says what to do. `_` is Frappe's translation on a site and nothing in a simulation.
"""

from collections.abc import Callable

from subscription_mgmt.backup_messages import backup_sentences
from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.hosting_messages import hosting_sentences
from subscription_mgmt.offer_messages import offer_notices, offer_sentences
from subscription_mgmt.support_messages import support_notices, support_sentences
from subscription_mgmt.usage_messages import usage_sentences


def sentences(_: Callable[[str], str]) -> dict[str, str]:
	return {
		# Catalogue
		"no_prices": _("{owner} has no price. Add one to its prices."),
		"negative_price": _("{owner}: the price for {interval} is {amount}. A price must not be negative."),
		"overlapping_prices": _(
			"{owner} has two prices for {interval} in {currency} valid from {day}. Keep one of them, or give the other a later day."
		),
		"two_undated_prices": _(
			"{owner} has two prices for {interval} in {currency}. Keep one of them, or give one the day from which it is valid."
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
		"same_plan": _(
			"{contract} is on {plan} with this interval already. Choose another plan or interval."
		),
		"ends_before_change": _(
			"{contract} ends on {ends}, before the change could take effect on {day}. Change it now, or switch its renewal on."
		),
		"instance_deleted": _("The data of {instance} was deleted. Name another instance."),
		"suspended_pays_first": _(
			"{contract} is suspended. Pay what is open first, or go over to a read-only plan."
		),
		"data_is_deleted": _("The data of {contract} was deleted on {day}. Make a new contract instead."),
		"does_not_fit": _(
			"{plan} is too small for what is used now: {what}. Use less, or add packs, before you change."
		),
		"module_not_in_plan": _(
			"{plan} does not contain {module}, for which the contract has {pack}. Remove that pack first."
		),
		# Packs
		"pack_needs_module": _("{pack} is sold per module. Say for which module."),
		"pack_not_per_module": _("{pack} is not sold per module. Leave the module {module} out."),
		"pack_not_on_contract": _(
			"{contract} has no {pack} (module {module}) to remove. Choose one of its packs."
		),
		"fewer_packs": _(
			"{contract} has {held} of {pack}, so {asked} cannot be removed. Give a smaller quantity."
		),
		# Licences
		"unknown_licence": _("There is no licence {licence}. Look it up in the Licence list."),
		"unknown_module": _(
			"There is no module {module}. Choose one of the Service Module list, or create it."
		),
		"licence_exists": _("There is a licence {licence} already. Give the new one another name."),
		"licence_move_refused": _(
			"{licence} is {status}; {event} is not possible now. Reload it to see its status."
		),
		"licence_not_sold": _("{licence} is a draft. Sell it first."),
		"licence_revoked": _("{licence} is revoked. Sell the customer another licence instead."),
		"not_a_licence": _("{plan} is of kind {kind}. Choose a plan of kind Licence."),
		"deployed_there": _("{licence} is {deployment} already. Nothing was changed."),
		"no_modules": _("No module was named. Choose what {licence} is to have more."),
		"module_on_licence": _("{licence} has the module {module} already. Leave it out."),
		"pack_recurs": _("{pack} recurs, and a licence is paid once. Choose a pack that is sold once."),
		"contract_of_another": _(
			"{contract} is {customer}'s. Choose a contract of the customer who buys the licence."
		),
		"not_convertible": _(
			"{contract} is on {plan}, of kind {kind}. Only a subscription is converted to a licence."
		),
		"suspended_not_convertible": _(
			"{contract} is suspended. Let the customer pay what is open, then convert it."
		),
		"converted_before": _("{contract} was converted to {licence} before. Reload it to see."),
		"not_hosting": _("{plan} is of kind {kind}. Choose a plan of kind Hosting."),
		"local_needs_no_hosting": _(
			"{licence} is Local and needs no hosting. Leave the hosting plan out, or make it Online."
		),
		"no_hosting_price": _("{plan} has no price in {currency}. Add one to its prices."),
		"revocation_needs_reason": _("Give the reason for which {licence} is revoked."),
		# Licence keys
		"keys_malformed": _("This is no set of public keys. Download it again from the vendor."),
		"key_malformed": _("This is no licence key, or a part of it is missing. Copy the whole key again."),
		"key_wrong_algorithm": _(
			"The key is signed with {algorithm}, which is not trusted. Ask the vendor for a genuine key."
		),
		"key_wrong_kind": _("This is a token of kind {kind}, not {wanted}. Choose the right file."),
		"key_unknown_signer": _(
			"No public key {kid} is known. Download the vendor's public keys again; if it is not among them, the key is not genuine."
		),
		"key_forged": _(
			"The signature is not that of {kid}: somebody changed the key. Ask the vendor for a genuine one."
		),
		"signing_key_withdrawn": _("{key} is not trusted any more already. Reload the list to see."),
		"no_signing_key": _("No licence was sold here yet. Ask again when one was."),
		"not_entitled": _("There is no licence for this key. Ask the vendor for the current one."),
		"key_expired": _("The key of {licence} expired on {day}. Fetch the current one from the vendor."),
		"key_revoked": _("{licence} was revoked on {day}. Ask the vendor why."),
		"updates_over": _(
			"The updates of {licence} ended on {until}; a version of {day} is not included. Renew the updates, or install an older version."
		),
		# Hosting
		"unknown_instance": _("There is no instance {instance}. Name one that a contract serves."),
		"backup_unscheduled": _("{policy}: give either times of day or an interval, not both."),
		"backup_too_often": _("{policy}: leave a minute or more between two backups."),
		**support_sentences(_),
		**offer_sentences(_),
		**hosting_sentences(_),
		**backup_sentences(_),
		**usage_sentences(_),
		# Payments
		"nothing_open": _("{payer} has nothing open to pay."),
		"deletes_too_early": _(
			"{policy}: data must not be deleted on the day of the restriction. Give 1 day or more."
		),
		"notice_before_restriction": _(
			"{policy}: a deletion notice more than {days} days before the deletion would come before the restriction. Give fewer days."
		),
		# Portal
		"last_owner": _(
			"{customer} needs an owner who can invite others. Make somebody else the owner first."
		),
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
		"plan_changed": _("Goes over from {before} to {after} today"),
		"plan_change_planned": _("Goes over from {before} to {after} on {day}"),
		"held": _("Held: nobody deletes its data"),
		"released": _("Released: the deletion may go on"),
		"cancelled_for": _("Cancelled; ends on {day}"),
		"converted": _("Cancelled; converted to licence {licence}"),
		"licence_sold": _("Sold: {plan}"),
		"deployed": _("Deployed {deployment}"),
		"modules_added": _("Added modules: {modules}"),
		"updates_renewed": _("Updates renewed until {until}"),
		"revoked": _("Revoked: {reason}"),
	}


def worded(error: DomainError, _: Callable[[str], str] = str) -> str:
	"""The sentence for a refusal."""
	return phrase(error.code, error.context, _)


def phrase(code: str, figures: dict[str, object], _: Callable[[str], str] = str) -> str:
	return sentences(_)[code].format(**figures)


def support_notice(kind: str, figures: dict[str, object], _: Callable[[str], str] = str) -> str:
	"""What a customer is told of his tickets and credits."""
	notices = {**support_notices(_), **offer_notices(_)}
	if not figures.get("pack") and f"{kind}_without_pack" in notices:
		kind = f"{kind}_without_pack"
	return " ".join(notices[kind].format(**figures).split())
