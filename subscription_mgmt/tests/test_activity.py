"""Is every change of a contract written down, for good, and is any alteration of it found?"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import frappe
from frappe.tests.utils import FrappeTestCase
from frappe.utils import formatdate, now

from subscription_mgmt.adapters.activity_chains import verify
from subscription_mgmt.adapters.activity_records import ActivityRecords, append
from subscription_mgmt.adapters.activity_words import labels, sentence_of
from subscription_mgmt.adapters.channel import channel
from subscription_mgmt.adapters.contract_records import ContractRecords
from subscription_mgmt.adapters.email_notices import EmailNotices
from subscription_mgmt.adapters.parking import park, unpark
from subscription_mgmt.adapters.site import site_ports
from subscription_mgmt.api import activity as api
from subscription_mgmt.engine.activity import Channel, what
from subscription_mgmt.services.activate import activate
from subscription_mgmt.services.add_pack import add_pack
from subscription_mgmt.services.bill import bill
from subscription_mgmt.services.set_renewal import set_renewal
from subscription_mgmt.tests.records import (
	invoices_of,
	make_contract,
	make_customer,
	make_pack,
	make_plan,
	make_user,
	roll_back,
)

ACTIVITY = "Subscription Activity"
START = date(2026, 1, 31)
QUERIES_PER_ENTRY = 3


def history_of(contract: str) -> list[frappe._dict]:
	return frappe.get_all(ACTIVITY, {"contract": contract}, ["*"], order_by="number")


def actions_of(contract: str) -> list[str]:
	return [entry.action for entry in history_of(contract)]


def faults(contract: str) -> list[tuple[int, str]]:
	return [(broken.number, broken.fault) for broken in verify(contract).broken]


def busy_contract() -> str:
	"""Made, activated, invoiced, a pack added, another invoice, renewal off and on: seven entries."""
	contract = make_contract().name
	activate(contract, START, site_ports())
	add_pack(contract, make_pack().name, 2, None, START, site_ports())
	set_renewal(contract, False, START, site_ports())
	set_renewal(contract, True, START, site_ports())
	return contract


def alter(contract: str, entry: int, /, **values: object) -> None:
	"""As someone would who has the database's password."""
	frappe.db.sql(
		f"update `tab{ACTIVITY}` set {', '.join(f'`{column}` = %s' for column in values)} where name = %s",
		(*values.values(), f"{contract}-{entry}"),
	)


class ActivityTestCase(FrappeTestCase):
	def setUp(self):
		self.addCleanup(roll_back)
		self.addCleanup(frappe.set_user, "Administrator")


class TestWhatIsWrittenDown(ActivityTestCase):
	def test_every_step_of_a_contract_is_an_entry_with_from_and_to(self):
		contract = busy_contract()
		first, second = invoices_of(contract)
		self.assertEqual(
			[
				(entry.number, entry.action, entry.from_value, entry.to_value)
				for entry in history_of(contract)
			],
			[
				(1, "created", "", "_Test Basic"),
				(2, "status_changed", "Draft", "Active"),
				(3, "invoiced", "", first.name),
				(4, "invoiced", "", second.name),
				(5, "pack_added", "", "2 × _Test Extra User"),
				(6, "renewal_off", "on", "off"),
				(7, "renewal_on", "off", "on"),
			],
		)
		self.assertEqual({entry.customer for entry in history_of(contract)}, {"_Test Acme"})
		self.assertEqual(faults(contract), [])

	def test_an_entry_says_who_when_and_by_which_channel(self):
		customer, plan = make_customer(), make_plan().name
		frappe.set_user(make_user("clerk@acme.example", "Subscription Manager"))
		contract = make_contract(customer=customer, plan=plan).name
		frappe.set_user("Administrator")
		(entry,) = history_of(contract)
		self.assertEqual((entry.user, entry.channel), ("clerk@acme.example", "Job"))
		self.assertRegex(entry.happened_at, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$")

	def test_a_change_that_is_undone_leaves_no_entry(self):
		contract = busy_contract()
		frappe.db.savepoint("unaltered")
		set_renewal(contract, False, START, site_ports())
		self.assertEqual(len(history_of(contract)), 8)
		frappe.db.rollback(save_point="unaltered")
		self.assertEqual((len(history_of(contract)), faults(contract)), (7, []))

	def test_billing_again_when_nothing_is_due_writes_nothing(self):
		contract = busy_contract()
		bill(contract, START, site_ports())
		self.assertEqual(len(history_of(contract)), 7)

	def test_parking_and_un_parking_are_written_down(self):
		contract = make_contract().name
		park(contract, "No item for _Test Basic")
		unpark(contract)
		_created, parked, unparked = history_of(contract)
		self.assertEqual(
			(parked.action, json.loads(parked.figures)["reason"]), ("parked", "No item for _Test Basic")
		)
		self.assertEqual(unparked.action, "unparked")
		self.assertEqual(faults(contract), [])

	def test_what_a_person_edits_in_the_form_is_written_down_field_by_field(self):
		contract = make_contract()
		contract.update({"instance": "acme.example", "time_zone": "America/Lima", "notes": "<p>secret</p>"})
		contract.append("packs", {"pack": make_pack().name, "quantity": 3})
		contract.save()
		entry = history_of(contract.name)[-1]
		self.assertEqual(entry.action, "edited")
		self.assertEqual(
			json.loads(entry.figures)["changes"],
			{
				"instance": ["", "acme.example"],
				"time_zone": ["America/La_Paz", "America/Lima"],
				"packs": ["", "3 × _Test Extra User (-)"],
				"notes": ["", ""],
			},
		)
		self.assertIn("time_zone: America/Lima", entry.to_value)
		contract.save()
		self.assertEqual(len(history_of(contract.name)), 2)

	def test_a_form_opened_before_an_entry_does_not_turn_the_head_back(self):
		contract = make_contract()
		append(contract.name, what("renewal_on"))
		contract.instance = "acme.example"
		contract.save()
		self.assertEqual(actions_of(contract.name), ["created", "renewal_on", "edited"])
		self.assertEqual(faults(contract.name), [])

	def test_a_copy_begins_a_history_of_its_own(self):
		contract = busy_contract()
		copy = frappe.copy_doc(frappe.get_doc("Subscription Contract", contract)).insert()
		self.assertEqual(actions_of(copy.name), ["created"])
		self.assertEqual(faults(copy.name), [])

	def test_a_deleted_draft_leaves_its_history_and_its_namesake_goes_on(self):
		contract = make_contract()
		name = contract.name
		contract.delete()
		self.assertEqual(actions_of(name), ["created", "deleted"])
		self.assertEqual(faults(name), [])
		again = make_contract(customer=make_customer("_Test Other"))
		self.assertEqual(again.name, name, "the series gives the name again")
		self.assertEqual(actions_of(name), ["created", "deleted", "created"])
		self.assertEqual(faults(name), [])

	def test_a_renamed_customer_keeps_an_unbroken_history(self):
		contract = busy_contract()
		frappe.rename_doc("Customer", "_Test Acme", "_Test Acme Renamed")
		self.assertEqual({entry.customer for entry in history_of(contract)}, {"_Test Acme Renamed"})
		self.assertEqual(faults(contract), [])

	def test_a_notice_is_evidence_of_whom_and_by_which_mail(self):
		name = make_contract().name
		contract = ContractRecords().get(name)
		ActivityRecords().noticed(
			contract, "renewal", recipient="ana@acme.example", email_queue="eq1", renews_on=START
		)
		entry = history_of(name)[-1]
		self.assertEqual((entry.action, entry.to_value), ("notice", "ana@acme.example"))
		self.assertEqual(
			json.loads(entry.figures),
			{
				"kind": "renewal",
				"recipient": "ana@acme.example",
				"email_queue": "eq1",
				"renews_on": "2026-01-31",
			},
		)

	def test_a_notice_sent_names_its_mail_and_one_that_reached_nobody_says_so(self):
		name = make_contract(customer=make_customer("_Test Mailed", email_id="ana@acme.example")).name
		EmailNotices().send(ContractRecords().get(name), "renewal", renews_on=START)
		figures = json.loads(history_of(name)[-1].figures)
		queued = frappe.get_doc("Email Queue", figures["email_queue"])
		self.assertEqual([row.recipient for row in queued.recipients], ["ana@acme.example"])
		self.assertEqual((queued.reference_name, figures["renews_on"]), (name, "2026-01-31"))

		unreachable = make_contract().name
		EmailNotices().send(ContractRecords().get(unreachable), "renewal", renews_on=START)
		entry = history_of(unreachable)[-1]
		self.assertEqual((entry.action, entry.to_value), ("notice", ""))

	def test_an_entry_costs_three_queries(self):
		contract = make_contract().name
		with self.assertQueryCount(QUERIES_PER_ENTRY):
			append(contract, what("renewal_off", "on", "off"))

	def test_strange_text_is_kept_as_it_is(self):
		contract = make_contract().name
		for text in ("  ends in spaces  ", "50% \\ '\"; drop -- ñ 漢 🎉", "a\r\nb\tc", "{0} {x}"):
			append(contract, what("parked", text, text, reason=text))
		self.assertEqual(faults(contract), [])


class TestByWhichChannel(ActivityTestCase):
	def came(self, user: str, sid: str, request: object = "a request") -> Channel:
		frappe.set_user(user)
		frappe.local.session.sid = sid
		with mock.patch.object(frappe.local, "request", request, create=True):
			return channel()

	def test_a_session_of_an_erp_user_is_the_desk(self):
		self.assertEqual(self.came("Administrator", "f00d"), Channel.DESK)

	def test_a_session_of_a_website_user_is_the_portal(self):
		user = make_user("portal@acme.example", user_type="Website User")
		self.assertEqual(self.came(user, "f00d"), Channel.PORTAL)

	def test_a_key_or_a_webhook_is_the_api_whoever_it_belongs_to(self):
		user = make_user("portal@acme.example", user_type="Website User")
		self.assertEqual(self.came(user, user), Channel.API)
		self.assertEqual(self.came("Administrator", "Administrator"), Channel.API)

	def test_without_a_request_it_is_a_job(self):
		self.assertEqual(self.came("Administrator", "f00d", request=None), Channel.JOB)

	def test_an_import_is_an_import_in_a_job_too(self):
		with mock.patch.dict(frappe.local.flags, {"in_import": True}):
			self.assertEqual(self.came("Administrator", "Administrator", request=None), Channel.IMPORT)


class TestNobodyWritesIt(ActivityTestCase):
	def refused(self, attempt) -> None:
		before = history_of(self.contract)
		with self.assertRaises(frappe.PermissionError):
			attempt()
		self.assertEqual(history_of(self.contract), before)

	def setUp(self):
		super().setUp()
		self.contract = make_contract().name
		self.entry = frappe.get_doc(ACTIVITY, f"{self.contract}-1")

	def test_administrator_neither_adds_nor_changes_nor_deletes(self):
		forged = {"doctype": ACTIVITY, "contract": self.contract, "number": 2, "action": "renewal_on"}
		self.refused(lambda: frappe.get_doc(forged).insert(ignore_permissions=True))
		self.refused(lambda: self.entry.update({"user": "mallory"}).save(ignore_permissions=True))
		self.refused(lambda: self.entry.db_set("user", "mallory"))
		self.refused(lambda: self.entry.delete(ignore_permissions=True, force=True))
		self.refused(lambda: frappe.rename_doc(ACTIVITY, self.entry.name, "other", force=True))

	def test_skipping_the_validation_does_not_help(self):
		self.entry.flags.ignore_validate = True
		self.refused(lambda: self.entry.update({"user": "mallory"}).save(ignore_permissions=True))

	def test_a_manager_reads_and_no_more(self):
		frappe.set_user(make_user("manager@acme.example", "Subscription Manager"))
		self.assertEqual(len(frappe.get_list(ACTIVITY, {"contract": self.contract})), 1)
		for ptype in ("create", "write", "delete"):
			self.assertFalse(frappe.has_permission(ACTIVITY, ptype), ptype)


class TestWhoReadsIt(ActivityTestCase):
	def setUp(self):
		super().setUp()
		self.user = make_user("portal@acme.example", "Customer", user_type="Website User")
		customer = frappe.get_doc("Customer", make_customer())
		customer.append("portal_users", {"user": self.user})
		customer.save()
		self.mine = busy_contract()
		self.other = make_contract(customer=make_customer("_Test Other")).name
		park(self.mine, "No item")

	def test_a_customer_reads_his_own_without_what_is_internal(self):
		frappe.set_user(self.user)
		seen = {row.name for row in frappe.get_list(ACTIVITY)}
		self.assertEqual(seen, {f"{self.mine}-{number}" for number in range(1, 8)})
		frappe.get_doc(ACTIVITY, f"{self.mine}-2").check_permission("read")
		for hidden in (f"{self.mine}-8", f"{self.other}-1"):
			with self.assertRaises(frappe.PermissionError):
				frappe.get_doc(ACTIVITY, hidden).check_permission("read")

	def test_the_list_of_his_actions_is_in_his_words_and_the_contracts_time(self):
		frappe.set_user(self.user)
		latest, *_others = entries = api.of_contract(self.mine)
		self.assertEqual([entry["number"] for entry in entries], [7, 6, 5, 4, 3, 2, 1])
		self.assertEqual(
			(latest["label"], latest["sentence"]), ("Renewal switched on", "Renews tacitly again")
		)
		self.assertTrue(latest["at"].endswith("-04:00"), latest["at"])
		page = api.of_contract(self.mine, before=7, limit=2)
		self.assertEqual([entry["number"] for entry in page], [6, 5])

	def test_the_list_of_anothers_actions_is_refused(self):
		frappe.set_user(self.user)
		with self.assertRaises(frappe.PermissionError):
			api.of_contract(self.other)

	def test_the_contracts_form_shows_it_escaped(self):
		park(self.mine, "<script>alert(1)</script>")
		lines = [line["content"] for line in api.timeline("Subscription Contract", self.mine)]
		self.assertIn("Parked: &lt;script&gt;alert(1)&lt;/script&gt; · Administrator (Job)", lines)
		self.assertIn("Draft → Active · Administrator (Job)", lines)

	def test_a_reader_without_the_right_sees_no_timeline_and_no_error(self):
		frappe.set_user(make_user("stranger@acme.example", "Accounts User"))
		self.assertEqual(api.timeline("Subscription Contract", self.mine), [])


class TestInWords(ActivityTestCase):
	def test_every_action_reads_as_a_sentence(self):
		invoice = {"total": "-1600.5", "currency": "USD", "due_on": "2026-03-02"}
		due_on = formatdate("2026-03-02")
		told = {
			("status_changed", "Active", "Past Due"): "Active → Past Due",
			("access_changed", "", "Restricted"): "Access to acme.example: Restricted",
			("invoiced", "", "SI-1"): f"Invoice SI-1 over -1,600.50 USD net, due on {due_on}",
			("data_deleted", "", ""): "The data of acme.example was deleted",
			("deletion_waits", "", ""): "The deletion of the data waits: held, no verified final backup",
			("notice", "", "ana@acme.example"): "Renewal notice sent to ana@acme.example",
		}
		figures = {"instance": "acme.example", "reasons": ["hold", "backup"], "kind": "renewal"}
		figures = json.dumps({**figures, **invoice, "recipient": "ana@acme.example"})
		for (action, before, after), sentence in told.items():
			self.assertEqual(sentence_of(action, before, after, figures), sentence)

	def test_a_notice_that_nobody_could_get_says_so(self):
		words = sentence_of("notice", "", "", '{"kind":"deletion"}')
		self.assertEqual(words, "Deletion notice could not be sent: no e-mail address")

	def test_an_unknown_action_or_a_missing_figure_is_still_readable(self):
		self.assertEqual(sentence_of("moon_phase_changed", "", "", "{}"), "moon phase changed")
		self.assertEqual(sentence_of("invoiced", "", "SI-1", "{}"), "Invoice")
		self.assertEqual(sentence_of("invoiced", "", "SI-1", "not json"), "Invoice")

	def test_every_action_of_a_busy_contract_has_a_label_and_a_sentence(self):
		for entry in history_of(busy_contract()):
			self.assertIn(entry.action, labels())
			words = frappe.get_doc(ACTIVITY, entry.name).sentence
			self.assertNotIn(words, ("", labels()[entry.action]))


class TestAlterationsAreFound(ActivityTestCase):
	def setUp(self):
		super().setUp()
		self.contract = busy_contract()

	def test_an_edit_of_any_column_is_found(self):
		edits = {
			"user": "mallory",
			"happened_at": "2020-01-01T00:00:00.000000+00:00",
			"channel": "Import",
			"action": "renewal_on",
			"from_value": "x",
			"to_value": None,
			"figures": '{"day":"2099-01-01"}',
			"previous_hash": "0" * 64,
			"hash": "0" * 64,
		}
		for column, value in edits.items():
			frappe.db.savepoint("unaltered")
			alter(self.contract, 4, **{column: value})
			self.assertEqual(faults(self.contract), [(4, "edited")], column)
			frappe.db.rollback(save_point="unaltered")

	def test_an_entry_moved_to_another_customer_or_contract_is_found(self):
		frappe.db.savepoint("unaltered")
		alter(self.contract, 4, customer=make_customer("_Test Other"))
		self.assertEqual(faults(self.contract), [(4, "other_customer")])
		frappe.db.rollback(save_point="unaltered")
		other = make_contract().name
		alter(self.contract, 7, contract=other)
		self.assertEqual((faults(self.contract), faults(other)), ([(7, "missing")], [(2, "missing")]))

	def test_a_deletion_of_any_entry_is_found_the_last_too(self):
		for number in (1, 4, 7):
			frappe.db.savepoint("unaltered")
			frappe.db.delete(ACTIVITY, {"name": f"{self.contract}-{number}"})
			self.assertEqual(faults(self.contract), [(number, "missing")])
			frappe.db.rollback(save_point="unaltered")

	def test_exchanged_numbers_are_found(self):
		alter(self.contract, 3, number=6)
		alter(self.contract, 6, number=3)
		self.assertEqual(faults(self.contract), [(3, "edited")])

	def test_a_head_turned_back_is_found(self):
		frappe.db.set_value("Subscription Contract", self.contract, "activity_number", 6)
		self.assertEqual(faults(self.contract), [(7, "beyond_head")])

	def test_a_contract_removed_past_the_app_is_found(self):
		frappe.db.delete("Subscription Contract", {"name": self.contract})
		self.assertEqual(faults(self.contract), [(7, "contract_gone")])
		self.assertIn(self.contract, [broken.contract for broken in verify().broken])

	def test_only_the_altered_contract_is_named(self):
		busy_contract()
		alter(self.contract, 2, to_value="Ended")
		verdict = verify()
		self.assertEqual([(each.contract, each.number) for each in verdict.broken], [(self.contract, 2)])
		self.assertGreaterEqual(verdict.contracts, 2)


class TestTwoProcesses(FrappeTestCase):
	"""Committed, because other processes take part; taken away again at the end."""

	CONTRACT = "_TEST-ACTIVITY-PROCESSES"

	def setUp(self):
		self.addCleanup(self.clear)
		frappe.get_doc(
			{
				"doctype": "Subscription Contract",
				"name": self.CONTRACT,
				"customer": "_Test Acme",
				"status": "Draft",
				"creation": now(),
				"modified": now(),
			}
		).db_insert()
		frappe.db.commit()

	def clear(self):
		frappe.db.rollback()
		frappe.db.delete(ACTIVITY, {"contract": self.CONTRACT})
		frappe.db.delete("Subscription Contract", {"name": self.CONTRACT})
		frappe.db.commit()

	def bench(self, *arguments: str) -> SimpleNamespace:
		command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site]
		sites = Path(frappe.local.sites_path).resolve()
		ran = subprocess.run([*command, *arguments], cwd=sites, capture_output=True, text=True, check=False)
		return SimpleNamespace(code=ran.returncode, said=ran.stdout + ran.stderr)

	def test_two_processes_append_to_one_chain_without_a_gap_or_a_fork(self):
		script = (
			"import sys, frappe\n"
			"frappe.init(site=sys.argv[1], sites_path='.')\n"
			"frappe.connect()\n"
			"from subscription_mgmt.adapters.activity_records import append\n"
			"from subscription_mgmt.engine.activity import what\n"
			"frappe.db.sql('select 1 from tabDocType limit 1')\n"  # an old snapshot
			"for n in range(30):\n"
			"\tappend(sys.argv[2], what('renewal_on', worker=sys.argv[3], n=n))\n"
			"\tfrappe.db.commit()\n"
		)
		sites = Path(frappe.local.sites_path).resolve()
		workers = [
			subprocess.Popen(
				[sys.executable, "-c", script, frappe.local.site, self.CONTRACT, worker],
				cwd=sites,
				stderr=subprocess.PIPE,
				text=True,
			)
			for worker in "ab"
		]
		errors = [worker.communicate(timeout=120)[1] for worker in workers]
		self.assertEqual([worker.returncode for worker in workers], [0, 0], errors)
		frappe.db.rollback()
		self.assertEqual([entry.number for entry in history_of(self.CONTRACT)], list(range(1, 61)))
		verdict = verify(self.CONTRACT)
		self.assertEqual((verdict.entries, verdict.broken), (60, []))

	def test_the_command_counts_the_good_links_and_names_the_broken_one(self):
		for action in ("renewal_off", "renewal_on", "renewal_off"):
			append(self.CONTRACT, what(action))
		frappe.db.commit()
		fine = self.bench("verify-activity", "--contract", self.CONTRACT)
		self.assertEqual(fine.code, 0, fine.said)
		self.assertIn("3 entries of 1 contracts: every link holds.", fine.said)
		self.assertIn(f"{self.CONTRACT} stands at entry 3, {history_of(self.CONTRACT)[-1].hash}.", fine.said)

		alter(self.CONTRACT, 2, user="mallory")
		frappe.db.commit()
		for arguments in (["--contract", self.CONTRACT], []):
			broken = self.bench("verify-activity", *arguments)
			self.assertEqual(broken.code, 1, broken.said)
			self.assertIn(f"{self.CONTRACT}: entry 2 was edited.", broken.said)

	def test_the_command_refuses_a_contract_that_never_was(self):
		refused = self.bench("verify-activity", "--contract", "NO-SUCH")
		self.assertEqual(refused.code, 2, refused.said)
		self.assertIn("There is no contract NO-SUCH.", refused.said)
