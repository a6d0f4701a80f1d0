// How far are a contract's quotas used, what will the month come to, who is registered, and what is behind an invoice?

(() => {
	const QUOTA = "subscription_mgmt.api.quota.";
	const USAGE = "subscription_mgmt.api.usage.";
	const USERS = "subscription_mgmt.api.users.";
	const RUNNING = ["Trialling", "Active", "Past Due", "Suspended"];

	frappe.ui.form.on("Subscription Contract", {
		refresh(frm) {
			const runs = !frm.is_new() && RUNNING.includes(frm.doc.status);
			frm.toggle_display(["usage_tab", "users_section"], runs);
			if (!runs) return;
			show_quotas(frm);
			show_users(frm);
			const group = __("Billing");
			frm.add_custom_button(__("Forecast of the month"), () => forecast(frm), group);
			frm.add_custom_button(__("Explain usage"), () => explain_contract(frm), group);
		},
	});

	frappe.ui.form.on("Sales Invoice", {
		refresh(frm) {
			const billed = (frm.doc.items || []).some((line) => line.contract_charge);
			if (frm.is_new() || !billed || !frm.doc.subscription_contract) return;
			frm.add_custom_button(__("Explain usage"), async () => {
				const figures = await ask(QUOTA + "of_invoice", { invoice: frm.doc.name });
				show_explained(figures, __("Usage on {0}", [frm.doc.name]), frm.doc.currency);
			});
		},
	});

	// Quotas

	async function show_quotas(frm) {
		const { name } = frm.doc;
		const told = await ask(QUOTA + "of_contract", { contract: name });
		if (frm.doc.name !== name) return;
		const bars = told.quotas.map((quota) => bar(quota, told.currency)).join("");
		const none = `<p class="text-muted">${__("This plan has no quotas.")}</p>`;
		frm.fields_dict.quotas_bars.$wrapper.html(bars ? `<div class="row">${bars}</div>` : none);
		warn(frm, told.quotas);
	}

	// Above the tabs: what is used up, or nearly
	function warn(frm, quotas) {
		const colours = quotas.map(colour_of);
		const worst = ["red", "orange"].find((colour) => colours.includes(colour));
		frm.layout.wrapper.find(".quota-warning").remove();
		if (!worst) return;
		const which = quotas.filter((quota) => colour_of(quota) === worst).map(named);
		const text =
			worst === "red"
				? __("Quota used up or exceeded: {0}", [which.join(", ")])
				: __("80 % of the quota used: {0}", [which.join(", ")]);
		// Beside the form's own messages, which come and go
		$(`<div class="form-message-container quota-warning">
			<div class="form-message ${worst}"><div>${escaped(text)}</div></div>
		</div>`).insertAfter(frm.layout.message);
	}

	function bar(quota, currency) {
		const share = Math.round(quota.share * 100);
		const colour = colour_of(quota);
		const more = quota.over
			? __("{0} over: {1}", [quota.over, money(quota.amount, currency)])
			: quota.blocks
				? __("no more than that")
				: __("{0} each beyond", [money(quota.price, currency)]);
		return `<div class="col-sm-6 col-lg-4" style="margin-bottom: var(--margin-sm)">
			<div class="flex justify-between small" style="gap: 8px">
				<span class="ellipsis">${escaped(named(quota))}</span>
				<span class="text-nowrap">${escaped(`${quota.used} / ${quota.quota}`)}</span>
			</div>
			<div class="progress" style="height: 6px; margin: 4px 0" role="progressbar" aria-valuemin="0"
				aria-valuemax="100" aria-valuenow="${Math.min(share, 100)}" aria-label="${escaped(named(quota))}">
				<div class="progress-bar" style="width: ${Math.min(share, 100)}%; background: var(--${colour}-500)"></div>
			</div>
			<div class="text-muted small">${escaped(more)}</div>
		</div>`;
	}

	// At 80 and 100 %. The one user that every plan includes is no reason to worry where more are billed.
	function colour_of({ blocks, share, used, quota, over }) {
		if (over || used > quota || (share >= 1 && blocks)) return "red";
		return share >= 0.8 && (blocks || quota > 1) ? "orange" : "green";
	}

	// The month

	async function forecast(frm) {
		const told = await ask(QUOTA + "of_contract", { contract: frm.doc.name });
		const billed = told.quotas.filter(({ blocks }) => !blocks);
		const heads = [__("Quota"), __("Used"), __("Allowed"), __("So far"), __("By the end"), __("Amount")];
		const rows = billed.map((quota) => [
			named(quota),
			quota.used,
			quota.quota,
			quota.over,
			quota.expected_over,
			money(quota.expected_amount, told.currency),
		]);
		const sum = billed.reduce((total, quota) => total + Number(quota.expected_amount), 0);
		const last = told.until ? frappe.datetime.add_days(told.until, -1) : "";
		const body = billed.length
			? table(heads, rows, [__("Total, before tax"), "", "", "", "", money(sum, told.currency)])
			: `<p class="text-muted">${__("This plan bills no usage.")}</p>`;
		dialog(
			__("Forecast of the month"),
			`<p>${__("Beyond the quota, from {0} to {1}. Levels are taken to hold, sums to go on at this pace.", [
				user_date(told.from),
				user_date(last),
			])}</p>${body}${packs_html(told.quotas)}`
		);
	}

	function packs_html(quotas) {
		const lines = quotas
			.filter(({ pack }) => pack)
			.map((quota) => `<li>${escaped(__("{0}: the pack {1} would hold it.", [named(quota), quota.pack]))}</li>`);
		return lines.length ? `<ul class="small text-muted">${lines.join("")}</ul>` : "";
	}

	async function explain_contract(frm) {
		const figures = await ask(USAGE + "running", { contract: frm.doc.name });
		show_explained(figures, __("Usage of the running month"), frm.doc.currency);
	}

	function show_explained(figures, title, currency) {
		const nothing = `<p class="text-muted">${__("No usage was measured.")}</p>`;
		dialog(title, figures.map((figure) => figure_html(figure, currency)).join("") || nothing);
	}

	function figure_html(figure, currency) {
		const heads = [__("Day"), __("Used"), __("Allowed"), __("Over"), __("Counted")];
		const rows = changes(figure.days).map(({ first, last, used, quota, over, subjects }) => [
			first === last ? user_date(first) : `${user_date(first)} – ${user_date(last)}`,
			used,
			quota,
			over,
			subjects.join(", "),
		]);
		const title = figure.over
			? __("{0}: {1} beyond the quota × {2}", [named(figure), figure.over, money(figure.price, currency)])
			: __("{0}: within the quota", [named(figure)]);
		return `<h5>${escaped(title)}</h5>${table(heads, rows)}`;
	}

	// Days alike, one after the other, are one line
	function changes(days) {
		const lines = [];
		for (const day of days) {
			const alike = JSON.stringify([day.used, day.quota, day.over, day.subjects]);
			const line = lines[lines.length - 1];
			if (line && line.alike === alike) line.last = day.day;
			else lines.push({ ...day, first: day.day, last: day.day, alike });
		}
		return lines;
	}

	// Registered users

	async function show_users(frm) {
		const { name } = frm.doc;
		const told = await ask(USERS + "listed", { contract: name });
		if (frm.doc.name === name) draw_users(frm, told);
	}

	function draw_users(frm, told) {
		const may_write = frm.has_perm("write");
		const place = frm.fields_dict.users_list.$wrapper.empty();
		place.html(users_html(told, may_write));
		place.find("[data-add]").on("click", () => edit_user(frm, told, null));
		place.find("[data-edit]").on("click", ({ currentTarget }) =>
			edit_user(frm, told, told.users[currentTarget.dataset.edit])
		);
		place.find("[data-remove]").on("click", ({ currentTarget }) =>
			remove_user(frm, told.users[currentTarget.dataset.remove])
		);
	}

	function users_html({ users, seats }, may_write) {
		const rows = users.map((user, at) => user_row(user, at, may_write)).join("");
		const none = `<tr><td colspan="2" class="text-muted">${__(
			"Nobody is registered yet. The first one is the administrator, who is included."
		)}</td></tr>`;
		const add = may_write
			? `<button class="btn btn-xs btn-default" data-add>${__("Register user")}</button>`
			: "";
		return `<div class="table-responsive"><table class="table table-bordered">
			<thead><tr><th>${__("User")}</th><th>${__("Modules")}</th></tr></thead>
			<tbody>${rows || none}</tbody></table></div>${add}${seats_html(seats)}`;
	}

	function user_row(user, at, may_write) {
		const state = user.is_administrator ? __("Administrator") : user.enabled ? __("Enabled") : __("Disabled");
		const modules = user.is_administrator ? __("All") : user.modules.join(", ") || __("None");
		const remove = user.is_administrator
			? ""
			: `<button class="btn btn-xs btn-default" data-remove="${at}">${__("Remove")}</button>`;
		const buttons = may_write
			? `<button class="btn btn-xs btn-default" data-edit="${at}">${__("Rights")}</button> ${remove}`
			: "";
		const name = user.full_name ? `${user.full_name} (${user.user})` : user.user;
		return `<tr><td>${escaped(name)}<div class="text-muted small">${escaped(state)}</div></td>
			<td>${escaped(modules)}<div style="margin-top: var(--margin-xs)">${buttons}</div></td></tr>`;
	}

	function seats_html(seats) {
		const over = seats.filter(({ extra }) => extra > 0);
		if (!over.length) return "";
		const lines = over.map(({ module, users, quota, extra, price, currency, pack }) => {
			const where = module || __("Users");
			const told = price
				? __("{0}: {1} users, {2} in the quota. {3} metered at {4} a month each.", [
						where,
						users,
						quota,
						extra,
						money(price, currency),
					])
				: __("{0}: {1} users, {2} in the quota.", [where, users, quota]);
			return `<li>${escaped(told)}${pack ? ` ${escaped(__("The pack {0} would hold one of them.", [pack]))}` : ""}</li>`;
		});
		return `<ul class="small" style="margin-top: var(--margin-sm)">${lines.join("")}</ul>`;
	}

	function edit_user(frm, told, user) {
		const options = told.modules.map((module) => ({
			label: module,
			value: module,
			checked: user ? user.modules.includes(module) : false,
		}));
		const form = new frappe.ui.Dialog({
			title: user ? __("Rights of {0}", [user.user]) : __("Register user"),
			fields: [
				{
					fieldname: "user",
					fieldtype: "Data",
					label: __("User"),
					description: __("By which the system knows him, an e-mail address mostly."),
					reqd: 1,
					default: user?.user,
					read_only: user ? 1 : 0,
				},
				{ fieldname: "full_name", fieldtype: "Data", label: __("Full Name"), default: user?.full_name },
				{
					fieldname: "is_administrator",
					fieldtype: "Check",
					label: __("Administrator"),
					description: __("Has rights for every module. Takes over from the one before."),
					default: user?.is_administrator ? 1 : 0,
					hidden: user?.is_administrator || !told.users.length ? 1 : 0,
				},
				{
					fieldname: "modules",
					fieldtype: "MultiCheck",
					label: __("Modules"),
					options,
					columns: 2,
					hidden: told.modules.length && told.users.length ? 0 : 1,
				},
				{
					fieldname: "enabled",
					fieldtype: "Check",
					label: __("Enabled"),
					default: user ? Number(user.enabled) : 1,
					hidden: user && !user.is_administrator ? 0 : 1,
				},
			],
			primary_action_label: user ? __("Save") : __("Register"),
			primary_action: () => save_user(frm, form, user),
		});
		form.show();
	}

	async function save_user(frm, form, user) {
		const values = form.get_values();
		if (!values) return;
		const modules = form.fields_dict.modules.get_checked_options?.() ?? [];
		const given = {
			contract: frm.doc.name,
			user: values.user,
			full_name: values.full_name || "",
			modules: JSON.stringify(modules),
			is_administrator: values.is_administrator || 0,
		};
		if (user) {
			if (user.is_administrator) given.is_administrator = 1;
			await store(frm, form, "change", { ...given, enabled: user.is_administrator ? 1 : values.enabled });
			return;
		}
		const would = await ask(USERS + "would_add", without_name(given));
		const extra = would.seats.filter((seats) => modules.includes(seats.module) || !seats.module);
		const told = seats_html(extra.filter(({ price }) => price));
		if (!told) await store(frm, form, "add", given);
		else
			frappe.confirm(`${__("Beyond the quota, so it is metered:")}${told}`, () =>
				store(frm, form, "add", given)
			);
	}

	const without_name = ({ contract, user, modules, is_administrator }) => ({
		contract,
		user,
		modules,
		is_administrator,
	});

	function remove_user(frm, { user }) {
		frappe.confirm(__("Remove {0} from the users?", [escaped(user)]), () =>
			store(frm, null, "remove", { contract: frm.doc.name, user })
		);
	}

	// The dialog stays open, with what was typed, until the server has agreed
	async function store(frm, form, verb, args) {
		const { message } = await frappe.call({ method: USERS + verb, args, freeze: true });
		form?.hide();
		draw_users(frm, message);
		show_quotas(frm);
	}

	// Small things

	function table(heads, rows, foot = null) {
		const cell = (text, at, tag = "td") =>
			`<${tag}${typeof text === "number" ? ' class="text-right"' : ""}>${escaped(text)}</${tag}>`;
		const line = (cells, tag) => `<tr>${cells.map((text, at) => cell(text, at, tag)).join("")}</tr>`;
		return `<div class="table-responsive"><table class="table table-bordered">
			<thead>${line(heads, "th")}</thead><tbody>${rows.map((row) => line(row)).join("")}</tbody>
			${foot ? `<tfoot>${line(foot, "th")}</tfoot>` : ""}</table></div>`;
	}

	function dialog(title, html) {
		const shown = new frappe.ui.Dialog({ title, size: "large", fields: [{ fieldname: "told", fieldtype: "HTML" }] });
		shown.fields_dict.told.$wrapper.html(html);
		shown.show();
	}

	const ask = (method, args) => frappe.call({ method, args, type: "GET" }).then(({ message }) => message);
	const METRICS = {
		users: () => __("Users"),
		emails: () => __("E-mails"),
		companies: () => __("Companies"),
		storage: () => __("Storage"),
	};
	const metric_name = (metric) => METRICS[metric]?.() ?? metric;
	const named = ({ metric, module }) => (module ? `${metric_name(metric)} · ${module}` : metric_name(metric));
	const user_date = (day) => (day ? frappe.datetime.str_to_user(day) : "");
	const money = (amount, currency) => format_currency(Number(amount), currency);
	const escaped = (text) => frappe.utils.escape_html(String(text ?? ""));
})();
