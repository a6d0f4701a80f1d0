"""Is everything that would change a read-only site refused, by every way in, and nothing changed? On a real one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pymysql
import requests

from subscription_mgmt.tests.guarded import CLERK, JSON, ORDER, PAGE, REASON, GuardTestCase
from subscription_mgmt.tests.tenant import PASSWORD


class TestWriting(GuardTestCase):
	mode = "Read Only"

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.assert_unchanged)

	def ways_to_write(self) -> Iterator[tuple[str, str, dict]]:
		"""Verb, path and the rest; every one of them changed the site before."""
		todo, draft, submitted = self.known["todo"], self.known["draft"], self.known["submitted"]
		note, report = self.known["note"], self.known["report"]
		of_todo = {"doctype": "ToDo", "name": todo}
		new = {"doctype": "ToDo", "description": "new"}
		order = {"doctype": ORDER, "name": draft, "title": "changed"}

		def call(path: str, **arguments: object) -> tuple[str, str, dict]:
			data = {
				key: value if isinstance(value, str | int) else json.dumps(value)
				for key, value in arguments.items()
			}
			return "POST", f"/api/method/{path}", {"data": data}

		yield from (
			("POST", "/api/resource/ToDo", {"json": {"description": "new"}}),
			("PUT", f"/api/resource/ToDo/{todo}", {"json": {"description": "changed"}}),
			("DELETE", f"/api/resource/ToDo/{todo}", {}),
			("POST", f"/api/resource/{ORDER}/{draft}?run_method=submit", {}),
			("POST", "/api/v1/resource/ToDo", {"json": {"description": "new"}}),
			("POST", "/api/v2/document/ToDo", {"json": {"description": "new"}}),
			("PATCH", f"/api/v2/document/ToDo/{todo}", {"json": {"description": "changed"}}),
			("DELETE", f"/api/v2/document/ToDo/{todo}", {}),
			("POST", f"/api/v2/document/{ORDER}/{draft}/method/submit/", {}),
			("POST", "/", {"data": {"cmd": "frappe.client.insert", "doc": json.dumps(new)}}),
			call("frappe.client.insert", doc=new),
			call("frappe.client.insert_many", docs=[new]),
			call("frappe.client.save", doc=order),
			call("frappe.client.set_value", **of_todo, fieldname="description", value="changed"),
			call("frappe.client.submit", doc=order),
			call("frappe.client.cancel", doctype=ORDER, name=submitted),
			call("frappe.client.delete", **of_todo),
			call("frappe.client.bulk_update", docs=[{**of_todo, "docname": todo, "description": "changed"}]),
			call("frappe.client.rename_doc", doctype="Note", old_name=note, new_name="renamed"),
			call("frappe.client.attach_file", filename="a.txt", filedata="eA==", doctype="ToDo", docname=todo),
			call("frappe.desk.form.save.savedocs", doc=new, action="Save"),
			call("frappe.desk.form.save.savedocs", doc=order, action="Submit"),
			call("frappe.desk.form.save.cancel", doctype=ORDER, name=submitted),
			call("frappe.desk.form.utils.add_comment", reference_doctype="ToDo", reference_name=todo,
				content="c", comment_email=CLERK, comment_by="Clerk"),
			call("frappe.desk.form.assign_to.add", doctype="ToDo", name=todo, assign_to=[CLERK]),
			call("frappe.share.add", doctype="ToDo", name=todo, user="Guest", read=1),
			call("frappe.desk.doctype.tag.tag.add_tag", tag="t", dt="ToDo", dn=todo),
			call("frappe.desk.like.toggle_like", doctype="ToDo", name=todo, add="Yes"),
			call("frappe.desk.reportview.delete_items", doctype="ToDo", items=[todo]),
			call("frappe.desk.reportview.save_report", name="r", doctype="ToDo", report_settings="{}"),
			call("frappe.desk.query_report.save_report", reference_report=report, report_name="r", columns=[],
				filters={}),
			call("frappe.model.rename_doc.update_document_title", doctype="Note", docname=note, title="new"),
			call("frappe.core.doctype.communication.email.make", doctype="ToDo", name=todo, content="c",
				subject="s", recipients="a@guard.example", send_email=0),
			call("frappe.core.doctype.user.user.generate_keys", user=CLERK),
			call("frappe.core.doctype.user.user.update_password", new_password="Other-8-word!", old_password=PASSWORD),
			call("frappe.core.page.permission_manager.permission_manager.add", parent="ToDo", role="Guest",
				permlevel=0),
			call("frappe.core.page.permission_manager.permission_manager.update", doctype=ORDER,
				role="System Manager", permlevel=0, ptype="write", value=0),
			call("frappe.core.doctype.prepared_report.prepared_report.make_prepared_report",
				report_name=report, filters={}),
			call("frappe.core.api.file.create_new_folder", file_name="folder", folder="Home"),
			call("frappe.desk.form.save.savedocs", doc={"doctype": "Data Import", "reference_doctype": "ToDo",
				"import_type": "Insert New Records", "__islocal": 1}, action="Save"),
			call("frappe.desk.doctype.todo.todo.new_todo", description="new"),
			call("frappe.desk.doctype.note.note.mark_as_seen", note=note),
			call("frappe.desk.doctype.list_view_settings.list_view_settings.save_listview_settings",
				doctype="ToDo", listview_settings={"disable_count": 1}, removed_listview_fields=[]),
			call("run_doc_method", dt=ORDER, dn=draft, method="submit"),
			call("frappe.desk.page.setup_wizard.setup_wizard.setup_complete", args={"language": "English"}),
			("POST", "/api/method/upload_file", {"files": {"file": ("new-1.txt", b"new")}, "data": {"is_private": 1}}),
			("POST", "/api/method/upload_file", {"files": {"file": ("new-0.txt", b"new")}, "data": {"is_private": 0}}),
			("POST", "/api/v2/method/upload_file", {"files": {"file": ("new-2.txt", b"new")}}),
		)  # fmt: skip

	def test_every_way_to_write_is_refused_with_the_same_sentence(self) -> None:
		files = self.files()
		for user in (CLERK, "Administrator"):
			session = self.tenant.login(user)
			for verb, path, options in self.ways_to_write():
				with self.subTest(f"{user}: {verb} {path} {str(options)[:120]}"):
					answer = self.fetch(session, verb, path, headers=JSON, **options)
					self.assert_refused(answer)
		self.assertEqual(self.files(), files)

	def test_keys_of_programs_and_guests_write_nothing_either(self) -> None:
		for headers in ({"Authorization": f"token {self.known['token']}"}, {}):
			for verb, path, options in list(self.ways_to_write())[:20]:
				with self.subTest(f"{headers} {verb} {path}"):
					answer = self.fetch(
						self.tenant.visitor(), verb, path, headers={**JSON, **headers}, **options
					)
					self.assertEqual(answer.status_code, 403, answer.text[:600])

	def test_a_person_who_posts_a_form_sees_a_page(self) -> None:
		answer = self.fetch(
			self.tenant.login(CLERK),
			"POST",
			"/api/method/upload_file",
			files={"file": ("x.txt", b"x")},
			headers=PAGE,
		)
		self.assertEqual(answer.status_code, 403)
		self.assertIn("<h1>This system is read only</h1>", answer.text)
		self.assertIn(REASON, answer.text)

	def test_scripts_and_consoles_write_nothing(self) -> None:
		files = self.files()
		(file,) = self.tenant.rows("select name from tabFile where file_url = %s", self.known["private"])[0]
		todo = self.known["todo"]
		expected = {
			f"frappe.db.set_value('ToDo', '{todo}', 'description', 'changed')": "denied",
			"frappe.db.sql('update tabToDo set description = 1')": "denied",
			"frappe.db.sql('delete from tabToDo')": "denied",
			"frappe.db.sql('insert into tabToDo (name) values (1)')": "denied",
			"frappe.db.sql_ddl('create table guard (a int)')": "denied",
			"frappe.db.sql_ddl('alter table tabToDo add guard int')": "denied",
			"frappe.db.sql_ddl('drop table tabToDo')": "denied",
			"frappe.db.truncate('ToDo')": "denied",
			"frappe.db.sql('update tabUser set enabled = 0')": "denied",
			"frappe.db.sql('update tabUser set last_login = now(), bio = 1')": "denied",
			"frappe.db.set_single_value('System Settings', 'language', 'xx')": "denied",
			"frappe.get_doc(doctype='ToDo', description='new').insert()": REASON,
			f"frappe.get_doc('ToDo', '{todo}').save()": "denied",
			f"frappe.get_doc('ToDo', '{todo}').db_set('description', 'changed')": REASON,
			f"frappe.get_doc('{ORDER}', '{self.known['submitted']}').cancel()": "denied",
			f"frappe.rename_doc('Note', '{self.known['note']}', 'renamed')": REASON,
			f"frappe.delete_doc('File', '{file}')": "denied",
			"frappe.get_doc(doctype='File', file_name='a.txt', content='x').insert()": REASON,
			"__import__('frappe.utils.password').utils.password.update_password('Guest', 'x')": "denied",
		}
		answers = self.tenant.script(list(expected))
		for statement, said in expected.items():
			with self.subTest(statement):
				self.assertIn(said, answers[statement])
		self.assertEqual(self.files(), files)
		console = self.tenant.bench(
			"console", text="frappe.db.sql('delete from tabToDo'); frappe.db.commit()\n"
		)
		self.assertIn("denied", console.stdout + console.stderr)

	def test_commands_of_the_bench_write_nothing(self) -> None:
		arguments = {"dt": "ToDo", "dn": self.known["todo"], "field": "description", "val": "changed"}
		for done, said in (
			(self.tenant.run("frappe.db.set_value", **arguments), "denied"),
			(self.tenant.run("frappe.client.insert", doc={"doctype": "ToDo", "description": "new"}), REASON),
			(self.tenant.bench("set-password", CLERK, "Changed-9-word!"), "denied"),
			(self.tenant.bench("migrate"), ""),
		):
			self.assertNotEqual(done.returncode, 0)
			self.assertIn(said, done.stdout + done.stderr)

	def test_a_new_table_is_read_only_too(self) -> None:
		with self.tenant.database(as_root=True) as connection, connection.cursor() as cursor:
			cursor.execute("create table guard_new (a int)")
		self.addCleanup(self.drop_new_table)
		with self.tenant.database() as own, own.cursor() as cursor:
			cursor.execute("select count(*) from guard_new")
			with self.assertRaises(pymysql.err.OperationalError):
				cursor.execute("insert into guard_new values (1)")

	def drop_new_table(self) -> None:
		with self.tenant.database(as_root=True) as connection, connection.cursor() as cursor:
			cursor.execute("drop table guard_new")

	def files(self) -> set[Path]:
		kinds = ("public", "private")
		return {
			path
			for kind in kinds
			for path in (self.tenant.path / kind / "files").rglob("*")
			if path.is_file()
		}

	def assert_refused(self, answer: requests.Response) -> None:
		self.assertEqual(answer.status_code, 403, answer.text[:1500])
		self.assertEqual(answer.json()["exc_type"], "SubscriptionRefused")
		self.assertIn(REASON, answer.json()["message"])
		self.assertIn(REASON, answer.json()["_server_messages"])
		self.assertNotIn("exc", answer.json())
