// How does a form of the portal reach the server? Every form with data-method is sent as that method's POST.
// Fields named `modules[]` go as one list, `modules`. data-then: where to go on afterwards; without it the page is loaded again. What the server says is read out.
(() => {
	const said = document.querySelector(".portal-said");

	function say(text, kind) {
		const alert = document.createElement("div");
		alert.className = `alert alert-${kind}`;
		alert.textContent = text;
		said.replaceChildren(alert);
		said.setAttribute("role", kind === "danger" ? "alert" : "status");
		alert.scrollIntoView({ block: "center" });
	}

	function words(reply) {
		const messages = JSON.parse(reply._server_messages || "[]").map((each) => JSON.parse(each).message);
		const plain = new DOMParser().parseFromString(messages.join(" "), "text/html").body.textContent;
		return plain || said.dataset.failed || reply.exc_type || "";
	}

	function filled(form, button) {
		const body = new FormData(form, button);
		const lists = [...form.querySelectorAll("[name$='[]']")].map((field) => field.name);
		for (const name of new Set(lists)) {
			const values = body.getAll(name);
			body.delete(name);
			body.set(name.slice(0, -2), JSON.stringify(values));
		}
		return body;
	}

	async function send(form, body) {
		const response = await fetch(`/api/method/${form.dataset.method}`, {
			method: "POST",
			headers: { Accept: "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token || "" },
			body,
		});
		const reply = await response.json().catch(() => ({}));
		if (!response.ok) {
			throw new Error(words(reply));
		}
		return reply.message;
	}

	// A browser sends a file without a name where none was chosen.
	function forgetEmptyFiles(body) {
		for (const name of new Set(body.keys())) {
			const files = body.getAll(name).filter((value) => !(value instanceof File) || value.name);
			body.delete(name);
			files.forEach((value) => body.append(name, value));
		}
	}

	document.addEventListener("submit", async (event) => {
		const form = event.target;
		if (!form.dataset.method) {
			return;
		}
		event.preventDefault();
		const body = filled(form, event.submitter);
		forgetEmptyFiles(body);
		const buttons = form.querySelectorAll("button");
		buttons.forEach((button) => (button.disabled = true));
		try {
			const message = await send(form, body);
			// data-then="…?name={}": the name of what was made
			const then = form.dataset.then && form.dataset.then.replace("{}", encodeURIComponent(message));
			const next = (message && (message.next || message.url)) || then;
			if (message && message.said) {
				say(message.said, "success");
				form.reset();
			} else if (next) {
				window.location.assign(next);
			} else {
				window.location.reload();
			}
		} catch (error) {
			say(error.message, "danger");
		} finally {
			buttons.forEach((button) => (button.disabled = false));
		}
	});

	// A choice that only changes what the page shows needs no button.
	document.addEventListener("change", (event) => {
		const form = event.target.closest("form[data-at-once]");
		if (form) {
			form.requestSubmit();
		}
	});

	// What may answer a question is shown while it is written.
	let waiting;
	document.addEventListener("input", (event) => {
		const field = event.target;
		if (!field.dataset.suggest) {
			return;
		}
		clearTimeout(waiting);
		waiting = setTimeout(() => suggest(field), 400);
	});

	async function suggest(field) {
		const place = field.parentElement.querySelector(".portal-suggestions");
		const query = new URLSearchParams({ about: field.value });
		const response = await fetch(`/api/method/${field.dataset.suggest}?${query}`);
		const found = response.ok ? (await response.json()).message : [];
		place.replaceChildren();
		if (found.length) {
			const list = document.createElement("ul");
			found.forEach((article) => {
				const anchor = document.createElement("a");
				anchor.href = `/${article.route}`;
				anchor.target = "_blank";
				anchor.rel = "noopener";
				anchor.textContent = article.title;
				list.appendChild(document.createElement("li")).appendChild(anchor);
			});
			place.append(place.dataset.heading, list);
		}
	}

	document.addEventListener("click", async (event) => {
		const button = event.target.closest("[data-copy]");
		if (button) {
			await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
			say(button.dataset.copied, "success");
		}
	});

	// On a phone the entry of this page may lie beside the screen.
	const current = document.querySelector(".portal-nav [aria-current]");
	if (current) {
		current.scrollIntoView({ block: "nearest", inline: "center" });
	}
})();
