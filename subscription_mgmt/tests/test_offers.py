"""Does a request that is not included lead to one ERPNext Quotation that says why?"""

from unittest import mock

import frappe

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.api import offer as buttons
from subscription_mgmt.jobs import offers as job
from subscription_mgmt.tests.records import CURRENCY, make_fiscal_year_of, make_pack
from subscription_mgmt.tests.support import make_requester, make_ticket
from subscription_mgmt.tests.test_tickets import TicketTestCase

REASON = "Consulting needs to understand your processes."


def make_success_pack() -> str:
	return make_pack(
		"_Test Success Pack", kind="Success Pack", one_off=1, needs_contract=0, prices={"Once": 750}
	).name


def make_topic(name: str, **values: object) -> str:
	if not frappe.db.exists("Support Topic", name):
		frappe.get_doc({"doctype": "Support Topic", "topic_name": name, "reason": REASON, **values}).insert()
	return name


class TestOffers(TicketTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_fiscal_year_of(today_in(None))

	def test_an_excluded_topic_is_quoted_once_with_its_reason_and_linked_both_ways(self):
		topic = make_topic("_Test Consulting", scope="Excluded", offer=make_success_pack())
		ticket = make_ticket(topic=topic, subject="Which <b>workflow</b>?")
		self.assertEqual((ticket.status, ticket.route), ("Closed", "excluded"))
		job.make_offer(ticket.name)
		quotation = frappe.get_doc("Quotation", {"sla_ticket": ticket.name})
		ticket.reload()
		self.assertEqual(ticket.quotation, quotation.name)
		self.assertEqual((quotation.docstatus, quotation.party_name), (0, ticket.customer))
		(line,) = quotation.items
		self.assertEqual((line.item_code, line.qty, line.rate), ("_Test Success Pack", 1, 750))
		self.assertIn(REASON, line.description)
		self.assertIn("Which &lt; b&gt;workflow", line.description)
		self.assertEqual(quotation.currency, CURRENCY)
		self.assertEqual(buttons.quote(ticket.name), quotation.name)
		job.make_offer(ticket.name)
		self.assertEqual(frappe.db.count("Quotation", {"sla_ticket": ticket.name}), 1)
		told = frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content")
		self.assertEqual(sum(REASON in text for text in told), 1, told)

	def test_what_is_done_by_quote_gets_an_item_of_the_topic_and_a_price_to_fill_in(self):
		topic = make_topic("_Test Migration", scope="By Quote")
		ticket = make_ticket(topic=topic)
		quotation = frappe.get_doc("Quotation", buttons.quote(ticket.name))
		self.assertEqual([(line.item_code, line.rate) for line in quotation.items], [(topic, 0)])
		self.assertEqual(frappe.db.get_value("Support Topic", topic, "item"), topic)

	def test_the_customer_reads_the_reason_in_his_language(self):
		customer = make_requester("_Test Solicitante", language="es")
		topic = make_topic("_Test Diseño", scope="Excluded", offer=make_success_pack())
		ticket = make_ticket(customer=customer, topic=topic)
		job.make_offer(ticket.name)
		told = " ".join(frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content"))
		self.assertIn("Su solicitud no está incluida", told)
		quotation = frappe.get_doc("Quotation", {"sla_ticket": ticket.name})
		self.assertIn("Su solicitud TKT-", quotation.items[0].description)

	def test_excluded_without_anything_to_sell_is_explained_and_not_quoted(self):
		ticket = make_ticket(topic=make_topic("_Test On Site", scope="Excluded"))
		job.make_offer(ticket.name)
		self.assertFalse(frappe.db.exists("Quotation", {"sla_ticket": ticket.name}))
		told = frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content")
		self.assertTrue(any(REASON in text for text in told), told)
		self.assertRaisesRegex(frappe.ValidationError, "Nothing is sold", buttons.quote, ticket.name)

	def test_an_included_request_is_not_quoted_and_a_cancelled_quotation_is_made_again(self):
		self.assertRaisesRegex(frappe.ValidationError, "is included", buttons.quote, make_ticket().name)
		topic = make_topic("_Test Consulting", scope="Excluded", offer=make_success_pack())
		ticket = make_ticket(topic=topic)
		first = frappe.get_doc("Quotation", buttons.quote(ticket.name))
		first.submit()
		first.cancel()
		self.assertNotEqual(buttons.quote(ticket.name), first.name)

	def test_the_ticket_itself_sets_the_offer_going_after_commit(self):
		jobs = []
		with mock.patch("frappe.enqueue", lambda method, **args: jobs.append((method, args))):
			ticket = make_ticket(topic=make_topic("_Test On Site", scope="Excluded"))
			make_ticket()
		((method, args),) = [job for job in jobs if "offers" in job[0]]
		self.assertEqual(method, "subscription_mgmt.jobs.offers.make_offer")
		self.assertEqual((args["ticket"], args["enqueue_after_commit"]), (ticket.name, True))
