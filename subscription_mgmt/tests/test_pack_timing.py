"""Do packs that are added later, or taken off at once, stand rightly on ERPNext's invoices and credit notes?"""

from datetime import date

import frappe

from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.cancel import cancel_now
from subscription_mgmt.services.drop_pack import drop_pack
from subscription_mgmt.services.plan_pack import plan_pack
from subscription_mgmt.tests.records import (
	clock_at,
	invoices_of,
	make_module,
	make_pack,
	make_plan,
	state_of,
)
from subscription_mgmt.tests.test_billing import started
from subscription_mgmt.tests.test_contract_desk import MODULE, DeskTestCase

NEXT, MIDDLE = date(2026, 2, 28), date(2026, 2, 14)


class TestPackTiming(DeskTestCase):
	def running(self, quantity: int = 5, refundable: int = 1) -> str:
		"""From 31 January to 28 February at 100, with packs at 10 each."""
		plan = make_plan("_Test Refundable", refundable=refundable).name
		return started(
			interval="Monthly", plan=plan, packs=[{"pack": make_pack().name, "quantity": quantity}]
		)

	def totals(self, contract: str) -> list[float]:
		return [invoice.net_total for invoice in invoices_of(contract)]

	def test_a_pack_planned_is_on_the_next_invoice_and_not_on_one_of_its_own(self):
		contract = self.running()
		plan_pack(contract, "_Test Extra User", 2, None, MIDDLE, site_ports())
		self.assertEqual(self.totals(contract), [150])
		bill(contract, NEXT, site_ports())
		self.assertEqual(self.totals(contract), [150, 170])

	def test_packs_taken_off_at_once_are_credited_and_those_that_stay_charged_again(self):
		contract = self.running()
		drop_pack(contract, "_Test Extra User", 2, None, MIDDLE, site_ports())
		# 14 of 28 days: 25.00 back, 15.00 again
		self.assertEqual(sorted(self.totals(contract)), [-25, 15, 150])
		bill(contract, NEXT, site_ports())
		self.assertEqual(self.totals(contract)[-1], 130)

	def test_whoever_cancels_afterwards_gets_back_what_is_left(self):
		contract = self.running()
		drop_pack(contract, "_Test Extra User", 2, None, MIDDLE, site_ports())
		cancel_now(contract, date(2026, 2, 21), site_ports())
		# 7 of 28 days of 100, and of 15.00 for 14 days the last 7
		self.assertEqual(round(sum(self.totals(contract)), 2), 150 - 25 + 15 - 25 - 7.5)

	def test_a_plan_that_is_not_refundable_credits_nothing(self):
		contract = self.running(refundable=0)
		drop_pack(contract, "_Test Extra User", None, None, MIDDLE, site_ports())
		self.assertEqual(self.totals(contract), [150])
		bill(contract, NEXT, site_ports())
		self.assertEqual(self.totals(contract), [150, 100])

	def test_the_buttons_ask_when(self):
		contract, seat = self.running(), make_pack("_Test Seat", per_module=1).name
		module = make_module()
		given = {"contract": contract, "pack": "_Test Extra User", "quantity": "1"}
		with clock_at(MIDDLE):
			self.call(self.user, f"{MODULE}.add_pack", **given)
			self.call(self.user, f"{MODULE}.add_pack", **given, when="period_end")
			self.call(self.user, f"{MODULE}.remove_pack", **given)
			self.call(self.user, f"{MODULE}.remove_pack", **given, when="now")
			of_module = {"contract": contract, "pack": seat, "module": module}
			self.call(self.user, f"{MODULE}.add_pack", **of_module, quantity="3")
			self.call(self.user, f"{MODULE}.remove_pack", **of_module, quantity="1", when="now")
		before = state_of(contract)
		words = "Choose period_end or now, not tomorrow."
		for verb in ("add_pack", "remove_pack"):
			self.assert_refused(
				words,
				frappe.ValidationError,
				self.call,
				self.user,
				f"{MODULE}.{verb}",
				**given,
				when="tomorrow",
			)
		self.assertEqual(state_of(contract), before)
		actions = frappe.get_all(
			"Subscription Activity", {"contract": contract, "action": ["like", "pack_%"]}, pluck="action"
		)
		self.assertEqual(
			sorted(actions),
			["pack_added"] * 2 + ["pack_dropped"] * 2 + ["pack_planned", "pack_removed"],
		)
		running = frappe.get_all(
			"Contract Pack", {"parent": contract, "ends_on": ["is", "not set"]}, ["pack", "quantity"]
		)
		held: dict[str, int] = {}
		for row in running:
			held[row.pack] = held.get(row.pack, 0) + row.quantity
		self.assertEqual(held, {"_Test Extra User": 5, seat: 2})
