"""What becomes of a ticket of which more is known than when it was opened, and of what a customer may not say of it?"""

from unittest import mock

import frappe
from frappe.utils import add_days, getdate

from subscription_mgmt.adapters.clock import today_in
from subscription_mgmt.api import access_grant
from subscription_mgmt.api import conversation as desk
from subscription_mgmt.api import ticket as buttons
from subscription_mgmt.api.portal import conversation as portal
from subscription_mgmt.api.portal import support
from subscription_mgmt.jobs import offers
from subscription_mgmt.tests.mailbox import a_mail, deliver
from subscription_mgmt.tests.records import make_contract, make_fiscal_year_of, make_pack, make_plan
from subscription_mgmt.tests.support import make_policy, make_requester, make_ticket
from subscription_mgmt.tests.test_conversation import ConversationTestCase
from subscription_mgmt.tests.test_email_intake import ANA, STRANGER, MailTestCase
from subscription_mgmt.tests.test_licences import make_licence, make_licence_plan
from subscription_mgmt.tests.test_offers import REASON, make_success_pack, make_topic


def supported_contract(
	customer: str, name: str = "_Test Supported", policy: str = "_Test By Contract"
) -> str:
	contract = make_contract(customer=customer, plan=make_plan(name, sla_policy=make_policy(policy)).name)
	contract.db_set("status", "Active")
	return contract.name


def supported_licence(customer: str, days: int = 300) -> str:
	"""Issued, with updates for so many days."""
	frappe.db.set_value("Plan", make_licence_plan(), "sla_policy", make_policy())
	licence = make_licence(customer=customer)
	licence.db_set({"status": "Issued", "updates_until": add_days(getdate(today_in(None)), days)})
	return licence.name


class TestClassifying(MailTestCase):
	def offers_made(self) -> list[str]:
		return [call.kwargs["ticket"] for call in self.enqueue.mock_calls if "offers" in str(call.args)]

	def watched(self):
		self.enqueue = mock.Mock()
		return mock.patch("frappe.enqueue", self.enqueue)

	def test_a_mail_about_what_is_not_included_leads_to_a_quotation(self):
		make_fiscal_year_of(today_in(None))
		topic = make_topic("_Test Consulting", scope="Excluded", offer=make_success_pack())
		deliver(a_mail(ANA))
		name = self.the_ticket().name
		with self.watched():
			buttons.classify(name, topic=topic)
		self.assertEqual(self.offers_made(), [name])
		record = frappe.get_doc("SLA Ticket", name)
		self.assertEqual((record.route, record.status, record.topic), ("excluded", "Closed", topic))
		offers.make_offer(name)
		quotation = frappe.get_doc("Quotation", {"sla_ticket": name})
		self.assertIn(REASON, quotation.items[0].description)

	def test_saying_whose_a_ticket_is_has_its_topic_quoted(self):
		topic = make_topic("_Test Migration", scope="By Quote")
		asked = {"doctype": "SLA Ticket", "subject": "_Test", "raised_by": STRANGER, "topic": topic}
		with self.watched():
			ticket = frappe.get_doc(asked).insert()
			self.assertEqual((ticket.customer, ticket.route, self.offers_made()), (None, "quote", []))
			desk.identify(ticket.name, self.ana)
		self.assertEqual(self.offers_made(), [ticket.name])

	def test_a_customer_of_two_contracts_is_put_on_one_and_gets_its_promise(self):
		first = supported_contract(self.ana)
		second = supported_contract(self.ana, "_Test Other Supported")
		deliver(a_mail(ANA))
		name = self.the_ticket().name
		self.assertIsNone(frappe.db.get_value("SLA Ticket", name, "contract"))
		buttons.classify(name, contract=second)
		record = frappe.get_doc("SLA Ticket", name)
		self.assertEqual((record.contract, record.sla_policy), (second, "_Test By Contract"))
		foreign = supported_contract(self.bob)
		self.assertRaises(frappe.ValidationError, buttons.classify, name, contract=foreign)
		self.assertNotEqual(first, second)

	def test_a_pack_promises_support_where_the_plan_promises_none(self):
		"""Seed fr: "Le pack assistance [...] est compris dans certains abonnements, mais pas dans tous"."""
		pack = make_pack("_Test Assistance", kind="Other", sla_policy=make_policy("_Test By Pack")).name
		contract = make_contract(customer=self.ana, interval="Monthly", packs=[{"pack": pack, "quantity": 1}])
		contract.db_set("status", "Active")
		(line,) = contract.packs
		line.db_set("starts_on", "2026-02-01")
		deliver(a_mail(ANA))
		record = frappe.get_doc("SLA Ticket", self.the_ticket().name)
		self.assertEqual((record.contract, record.sla_policy), (contract.name, "_Test By Pack"))
		line.db_set("ends_on", "2026-03-01")
		deliver(a_mail(ANA, "Another"))
		record = frappe.get_last_doc("SLA Ticket", {"subject": "Another"})
		self.assertEqual((record.contract, record.sla_policy), (None, "_Test By Mail"))

	def test_what_follows_a_ticket_is_about_the_same_contract(self):
		supported_contract(self.ana)
		second = supported_contract(self.ana, "_Test Other Supported")
		ticket = make_ticket(customer=self.ana, contract=second, severity="3")
		buttons.resolve(ticket.name)
		self.at(60 * 24 * 60)
		deliver(a_mail(ANA, f"Again [{ticket.name}]"))
		follower = frappe.get_last_doc("SLA Ticket", {"follows": ticket.name})
		self.assertEqual((follower.contract, follower.route), (second, "sla"))

	def test_who_bought_a_module_is_helped_by_mail_while_its_updates_last(self):
		"""Seed es: "Los compradores de nuestros módulos gozarán de un año de soporte técnico"."""
		frappe.db.set_value("Customer", self.ana, "support_policy", None)
		frappe.clear_document_cache("Customer", self.ana)
		licence = supported_licence(self.ana)
		deliver(a_mail(ANA))
		record = frappe.get_doc("SLA Ticket", self.the_ticket().name)
		self.assertEqual((record.licence, record.route), (licence, "sla"))
		frappe.db.set_value("Licence", licence, "updates_until", today_in(None))
		deliver(a_mail(ANA, "Another"))
		record = frappe.get_last_doc("SLA Ticket", {"subject": "Another"})
		self.assertEqual((record.licence, record.route), (None, "community"))

	def test_moments_are_told_by_the_customers_clock_which_is_named(self):
		"""Two hours of an office in London, from 16:00 on a Monday, end at 05:30 of a Tuesday in La Paz."""
		office = [{"weekday": day, "start": "09:00", "end": "17:30"} for day in ("Monday", "Tuesday")]
		calendar = {"doctype": "Service Calendar", "calendar_name": "_Test London", "windows": office}
		frappe.get_doc({**calendar, "time_zone": "Europe/London"}).insert()
		targets = [{"severity": "3", "response_minutes": 120}]
		make_policy("_Test Of London", service_calendar="_Test London", targets=targets)
		contract = supported_contract(self.ana, policy="_Test Of London")
		deliver(a_mail(ANA))
		ticket = self.the_ticket()
		self.assertEqual(ticket.contract, contract)
		told = " ".join(frappe.get_all("Comment", {"reference_name": ticket.name}, pluck="content"))
		self.assertIn(" 05:30:00 (America/La_Paz)", told)


class TestWhatACustomerMayNotSay(ConversationTestCase):
	def test_no_way_leads_to_a_high_severity_where_it_is_not_meant(self):
		"""Seed uk: no severity 1 on test systems, no 1 or 2 for the software of others."""
		at_home, others = {"production": 0}, {"third_party": 1}
		for severity, system in (("1", at_home), ("1", others), ("2", others)):
			frappe.set_user(self.ana)
			asked = {"subject": "_Test", "severity": severity, **system}
			self.assertRaises(frappe.ValidationError, portal.open_ticket, message="Help", **asked)
			frappe.set_user("Administrator")
			self.assertRaises(frappe.ValidationError, make_ticket, severity=severity, **system)
			ticket = make_ticket(severity="3", **system)
			self.assertRaises(frappe.ValidationError, buttons.set_severity, ticket.name, severity, "urgent")
			ticket.update({"severity": severity})
			ticket.save()
			self.assertEqual(frappe.db.get_value("SLA Ticket", ticket.name, "severity"), "3")
			grave = make_ticket(severity=severity)
			self.assertRaises(frappe.ValidationError, buttons.classify, grave.name, **system)
			grave.reload()
			grave.update(system)
			self.assertRaises(frappe.CannotChangeConstantError, grave.save)

	def test_a_customer_asks_on_no_contract_or_licence_of_another_and_classifies_nothing(self):
		other = make_requester("_Test Other")
		contract, licence = supported_contract(other), supported_licence(other)
		ticket = make_ticket().name
		before = frappe.db.count("SLA Ticket")
		frappe.set_user(self.ana)
		for foreign in ({"contract": contract}, {"licence": licence}):
			frappe.db.savepoint("asked")
			asked = {"subject": "_Test", "severity": "4", **foreign}
			self.assertRaises(frappe.ValidationError, portal.open_ticket, message="Help", **asked)
			frappe.db.rollback(save_point="asked")
		self.assertRaises(frappe.PermissionError, buttons.classify, ticket, kind="Query")
		frappe.set_user("Administrator")
		self.assertEqual(frappe.db.count("SLA Ticket"), before)

	def test_a_customer_asks_about_his_licence_and_says_which_version_he_has(self):
		licence = supported_licence(make_requester())
		frappe.set_user(self.ana)
		visit = support.visit(support.Verb.OPEN_TICKET)
		shown = support.new_ticket_page(visit, licence)
		self.assertEqual((shown["licence"], shown["contract"]), (licence, ""))
		name = portal.open_ticket(
			message="Help", subject="_Test", severity="4", licence=licence, product_version="8.7.1"
		)
		frappe.set_user("Administrator")
		record = frappe.get_doc("SLA Ticket", name)
		self.assertEqual((record.licence, record.product_version), (licence, "8.7.1"))

	def test_a_tag_that_is_never_closed_is_kept_as_text_on_every_way(self):
		"""Frappe leaves it as it is, and Desk's own markup closes it."""
		never = "<img src=x onerror=steal() y="
		frappe.set_user(self.ana)
		name = portal.open_ticket(message=never, subject=never, product_version=never, severity="4")
		granted = access_grant.hand_in(name, "guest", "secret", url=never)
		frappe.set_user("Administrator")
		buttons.resolve(name)
		frappe.set_user(self.ana)
		portal.rate(name, 1, never)
		frappe.set_user("Administrator")
		desk.answer_rating(name, never)
		deliver(a_mail(ANA, never))
		fields = ["subject", "product_version", "rating_comment", "rating_answer"]
		kept = list(frappe.get_all("SLA Ticket", {}, fields, as_list=True))
		kept += [(frappe.db.get_value("Access Grant", granted, "url"),)]
		kept += frappe.get_all(
			"Communication", {"reference_doctype": "SLA Ticket"}, ["content"], as_list=True
		)
		self.assertFalse([text for row in kept for text in row if "<img" in (text or "")])
		self.assertEqual(sum("< img" in (text or "") for row in kept for text in row), 6)

	def test_an_unknown_kind_or_topic_is_refused(self):
		ticket = make_ticket().name
		for wrong in ({"kind": "<b>Party</b>"}, {"topic": "Nothing"}):
			self.assertRaises(frappe.ValidationError, buttons.classify, ticket, **wrong)
