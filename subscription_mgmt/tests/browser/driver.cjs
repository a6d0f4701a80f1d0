// How does a test drive a real browser? One command a line comes in as JSON, one answer a line goes out.
// Wants `playwright-core` (and for `axe` also `axe-core`), beside this file or in NODE_PATH; CHROMIUM names the browser.
const readline = require("node:readline");
const { chromium } = require("playwright-core");

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const WITHIN = { timeout: 20000 };

// Frappe keeps several forms on its log-in page, of which one is shown.
const seen = (found) => found.filter({ visible: true }).first();

const commands = {
	goto: ({ page }, { path }) => page.goto(path, { waitUntil: "networkidle" }).then((response) => response.status()),
	login: async ({ context }, { user, password }) => {
		const answer = await context.request.post("/api/method/login", { form: { usr: user, pwd: password } });
		return answer.status();
	},
	arrives: async ({ page }, { path }) => {
		await page.waitForURL((url) => url.pathname === path, { ...WITHIN, waitUntil: "networkidle" });
		return page.url();
	},
	waits: ({ page }, { text }) => seen(page.getByText(text)).waitFor(WITHIN),
	fill: ({ page }, { label, value }) => seen(page.getByLabel(label, { exact: true })).fill(value, WITHIN),
	type: ({ page }, { selector, value }) => page.locator(selector).pressSequentially(value, WITHIN),
	select: ({ page }, { label, value }) => seen(page.getByLabel(label, { exact: true })).selectOption(value, WITHIN),
	click: async ({ page }, { role, name }) => {
		await seen(page.getByRole(role, { name })).click(WITHIN);
		await page.waitForLoadState("networkidle");
	},
	// A form that is sent by script answers by another page or by words: waited for, so that no test sleeps.
	submit: async ({ page }, { name }) => {
		const [sent] = await Promise.all([
			page.waitForResponse((response) => response.url().includes("/api/method/"), WITHIN),
			seen(page.getByRole("button", { name })).click(WITHIN),
		]);
		const status = sent.status();
		await page.waitForLoadState("networkidle");
		await page.waitForFunction(() => !document.querySelector("form[data-method] button[disabled]"), null, WITHIN);
		return status;
	},
	keys: async ({ page }, { keys }) => {
		for (const key of keys) await page.keyboard.press(key);
		await page.waitForLoadState("networkidle");
	},
	focused: ({ page }) => page.evaluate(() => document.activeElement.innerText || document.activeElement.name || ""),
	text: ({ page }) => page.locator("body").innerText(),
	url: ({ page }) => page.url(),
	size: ({ page }, { width, height }) => page.setViewportSize({ width, height }),
	// How far the page is wider than the window: a phone must not scroll sideways.
	overflow: ({ page }) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
	screenshot: ({ page }, { file }) => page.screenshot({ path: file, fullPage: true }),
	cookies: ({ context }) => context.clearCookies(),
	axe: async ({ page }, { only }) => {
		await page.addScriptTag({ path: require.resolve("axe-core") });
		return page.evaluate(async (only) => {
			const found = await window.axe.run(only, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] });
			return found.violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 120)}`);
		}, only);
	},
	// As a page of somebody else would send it: with the cookie and without the token.
	forget_token: ({ page }) => page.evaluate(() => void (window.frappe.csrf_token = "")),
	post: ({ context }, { method, form }) =>
		context.request.post(`/api/method/${method}`, { form }).then((answer) => answer.status()),
	errors: ({ errors }) => errors.splice(0),
};

(async () => {
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS });
	const context = await browser.newContext({ baseURL: process.env.BASE, locale: "en" });
	const page = await context.newPage();
	const errors = [];
	page.on("pageerror", (error) => errors.push(error.message));
	process.stdout.write(`${JSON.stringify({ answer: "ready" })}\n`);
	for await (const line of readline.createInterface({ input: process.stdin })) {
		const { command, ...given } = JSON.parse(line);
		try {
			const answer = await commands[command]({ page, context, errors }, given);
			process.stdout.write(`${JSON.stringify({ answer: answer ?? null })}\n`);
		} catch (error) {
			process.stdout.write(`${JSON.stringify({ error: String(error.message).slice(0, 600) })}\n`);
		}
	}
	await browser.close();
})().catch((error) => {
	process.stdout.write(`${JSON.stringify({ error: String(error.message).slice(0, 600) })}\n`);
	process.exit(1);
});
