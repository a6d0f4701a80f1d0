"""Which articles of the site's knowledge base may answer a question before it is asked?"""

import re

import frappe

ARTICLE = "Help Article"
MOST = 5
MOST_WORDS = 8
SHORTEST_WORD = 4


def articles_about(text: str) -> list[dict]:
	"""`[{"title", "route"}]` of published articles whose title has one of the text's words, the most helpful first."""
	words = [word for word in re.findall(r"\w+", text.lower()) if len(word) >= SHORTEST_WORD][:MOST_WORDS]
	if not words:
		return []
	return frappe.get_all(
		ARTICLE,
		filters={"published": 1},
		or_filters=[["title", "like", f"%{word}%"] for word in words],
		fields=["title", "route"],
		order_by="helpful desc, title",
		limit=MOST,
	)


def has_articles() -> bool:
	return bool(frappe.db.exists(ARTICLE, {"published": 1}))
