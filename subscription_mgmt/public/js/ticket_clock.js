// How much working time is left on a ticket, and does the user's timer run? Both tick here; the server says from where.

(() => {
	const TICK = 1000;
	const FINISHED = ["Resolved", "Closed"];
	let ticking = null;

	frappe.ui.form.on("SLA Ticket", {
		refresh(frm) {
			clearInterval(ticking);
			if (!frm.is_new()) show_clocks(frm);
		},
	});

	function show_clocks(frm) {
		const asked = frm.doc.name;
		const ask = (method, args) => frappe.call({ method, args }).then(({ message }) => message);
		Promise.all([
			ask("subscription_mgmt.api.ticket.countdowns_of", { ticket: asked }),
			ask("subscription_mgmt.api.timer.running"),
		]).then(([told, timer]) => {
			if (frm.doc.name !== asked) return;
			add_timer_button(frm, timer);
			const from = Date.now();
			const draw = () => {
				const passed = (Date.now() - from) / 1000;
				if (frm.doc.name !== asked || cur_frm !== frm) return clearInterval(ticking);
				if (told.countdowns.some((each) => has_changed(each, told.now, passed))) return frm.refresh();
				draw_clocks(frm, told, timer, passed);
			};
			draw();
			ticking = setInterval(draw, TICK);
		});
	}

	// A window of working hours has begun or ended since the server was asked.
	function has_changed({ changes_at }, now, passed) {
		return changes_at && new Date(changes_at) - new Date(now) <= passed * 1000;
	}

	function draw_clocks(frm, told, timer, passed) {
		const parts = told.countdowns.map((each) => countdown(each, told.status, passed));
		if (timer) parts.push(running_timer(frm, timer, passed));
		if (!parts.length) return;
		const worst = told.countdowns.some(({ seconds }) => seconds <= 0) ? "red" : "blue";
		const shown = $(frm.wrapper).find(".ticket-clocks");
		const html = parts.map((part) => `<span class="mr-4 d-inline-block">${part}</span>`).join("");
		if (shown.length) shown.html(html);
		else frm.dashboard.set_headline_alert(`<div class="ticket-clocks">${html}</div>`, worst);
	}

	function countdown({ target, due, seconds, runs, changes_at }, status, passed) {
		const left = seconds - (runs ? passed : 0);
		const name = target === "response" ? __("Response") : __("Resolution");
		const time = `<b style="font-variant-numeric: tabular-nums">${clock(Math.abs(left))}</b>`;
		const text = left > 0 ? __("{0} left", [time]) : __("{0} overdue", [time]);
		return `${name}: ${text} <span class="text-muted">${why(runs, changes_at, due)}</span>`;
	}

	function why(runs, changes_at, due) {
		if (runs) return __("due {0}", [moment_of(due)]);
		return changes_at ? __("goes on {0}", [moment_of(changes_at)]) : __("stands still");
	}

	function running_timer(frm, { ticket, seconds }, passed) {
		const time = clock(seconds + passed);
		if (ticket === frm.doc.name) return __("Your timer: {0}", [`<b>${time}</b>`]);
		const link = `<a href="/app/sla-ticket/${encodeURIComponent(ticket)}">${frappe.utils.escape_html(ticket)}</a>`;
		return __("Your timer runs for {0}", [link]);
	}

	function add_timer_button(frm, timer) {
		if (!frm.has_perm("write")) return;
		if (timer?.ticket === frm.doc.name) {
			frm.add_custom_button(__("Stop timer"), () => stop(frm, timer)).addClass("btn-warning");
		} else if (!timer && !FINISHED.includes(frm.doc.status)) {
			frm.add_custom_button(__("Start timer"), () => call(frm, "start", { ticket: frm.doc.name }), __("Ticket"));
		}
	}

	function stop(frm, { is_forgotten, cap }) {
		// On a ticket that somebody else has finished meanwhile nothing can be recorded.
		const is_finished = FINISHED.includes(frm.doc.status);
		if (is_finished) return call(frm, "stop", { minutes: 0 });
		if (!is_forgotten) return call(frm, "stop");
		const field = {
			fieldname: "minutes",
			fieldtype: "Int",
			label: __("Minutes of work"),
			description: __("The timer ran longer than {0} minutes. 0 records nothing.", [cap]),
			default: cap,
			non_negative: 1,
		};
		frappe.prompt(field, ({ minutes }) => call(frm, "stop", { minutes: minutes || 0 }), __("Stop timer"));
	}

	function call(frm, verb, args = {}) {
		const method = "subscription_mgmt.api.timer." + verb;
		return frappe.call({ method, args, freeze: true }).then(({ message }) => {
			if (verb === "stop" && message) frappe.show_alert(message);
			return frm.reload_doc();
		});
	}

	// 3:07:09, with days in front of it where there are any.
	function clock(seconds) {
		const whole = Math.floor(seconds);
		const pad = (number) => String(number).padStart(2, "0");
		const time = `${Math.floor(whole / 3600)}:${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`;
		return time;
	}

	function moment_of(utc) {
		return frappe.datetime.str_to_user(
			frappe.datetime.convert_to_user_tz(moment.utc(utc).tz(frappe.boot.time_zone.system), true)
		);
	}
})();
