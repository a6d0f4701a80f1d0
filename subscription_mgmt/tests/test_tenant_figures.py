"""Are a site's users, mails, bytes and rows counted right? On a real site."""

from subscription_mgmt.tests.guarded import CLERK, SECRET, GuardTestCase


class TestUsage(GuardTestCase):
	def test_users_are_counted_by_the_modules_they_can_open(self) -> None:
		by = self.tenant.login("Administrator")
		users = {
			"desk@guard.example": {"roles": ["System Manager"]},
			"blocked@guard.example": {"roles": ["System Manager"], "blocked": ["Core"]},
			"web@guard.example": {"roles": ["Blogger"]},
			"off@guard.example": {"roles": ["System Manager"], "enabled": 0},
		}
		before = self.readings()
		for email, of in users.items():
			values = {
				"email": email,
				"first_name": email,
				"send_welcome_email": 0,
				"enabled": of.get("enabled", 1),
				"roles": [{"role": role} for role in of["roles"]],
				"block_modules": [{"module": module} for module in of.get("blocked", [])],
			}
			by.post(f"{self.tenant.address}/api/resource/User", json=values).raise_for_status()
			self.addCleanup(by.delete, f"{self.tenant.address}/api/resource/User/{email}")
		after = self.readings()
		self.assertEqual(after["users", "Core"] - before["users", "Core"], 1)
		self.assertEqual(after["users", "Desk"] - before["users", "Desk"], 2)
		self.assertEqual(after["users", "Website"] - before.get(("users", "Website"), 0), 3)
		self.assertEqual(after["companies", None], 0)
		self.assertGreater(after["storage", None], 2 * len(SECRET))

	def test_mails_are_counted_since_a_moment(self) -> None:
		recipients = [("guard-1", "Sent", "2026-03-01 12:00:00"), ("guard-2", "Sent", "2026-03-02 12:00:00")]
		recipients.append(("guard-3", "Not Sent", "2026-03-02 12:00:00"))
		with self.tenant.database() as own, own.cursor() as cursor:
			cursor.executemany(
				"insert into `tabEmail Queue Recipient` (name, status, modified) values (%s, %s, %s)",
				recipients,
			)
		try:
			self.assertEqual(self.readings("2026-03-01")["emails", None], 2)
			self.assertEqual(self.readings("2026-03-01T12:00:01")["emails", None], 1)
			# The site's zone is Kolkata's, until somebody sets another: 06:30 UTC is 12:00 there.
			self.assertEqual(self.readings("2026-03-02T06:30:00+00:00")["emails", None], 1)
			self.assertEqual(self.readings("2026-03-02T06:30:01Z")["emails", None], 0)
		finally:
			with self.tenant.database() as own, own.cursor() as cursor:
				cursor.execute("delete from `tabEmail Queue Recipient` where name like 'guard-%'")

	def readings(self, since: str = "2026-01-01") -> dict[tuple[str, str | None], int]:
		found = self.tenant.told("subscription-usage", "--since", since)["readings"]
		return {(each["metric"], each.get("module")): each["value"] for each in found}


class TestFingerprint(GuardTestCase):
	def test_it_counts_exactly_and_sees_the_newest_change(self) -> None:
		session = self.tenant.login(CLERK)
		made = self.fetch(session, "POST", "/api/resource/Note", json={"title": "newest"}).json()["data"]
		self.addCleanup(self.fetch, session, "DELETE", f"/api/resource/Note/{made['name']}")
		now = self.tenant.told("subscription-fingerprint")
		self.assertEqual(now["rows"]["tabNote"], self.tenant.rows("select count(*) from tabNote")[0][0])
		self.assertEqual(now["newest"], made["modified"])
		self.assertNotIn("tabSessions", now["rows"])
		self.assertFalse([table for table in now["rows"] if table.startswith("__")])
