// Why can nothing be changed? Said above every page of Desk, in the words of the vendor.
$(document).on("app_ready", () => {
	const access = frappe.boot.subscription_access;
	if (!access) return;

	const bar = document.createElement("div");
	bar.className = "subscription-read-only";
	bar.setAttribute("role", "status");
	bar.style.cssText =
		"padding: 8px 16px; text-align: center; font-size: var(--text-md);" +
		"background: var(--bg-blue, #edf6fd); color: var(--text-on-blue, #0b4f8a);";
	const title = document.createElement("strong");
	title.textContent = access.title;
	bar.append(title, " ", access.text);
	if (access.pay_at) {
		const link = document.createElement("a");
		link.href = access.pay_at;
		link.rel = "noreferrer";
		link.target = "_blank";
		link.textContent = access.call;
		link.style.cssText = "margin-left: 8px; color: inherit; font-weight: 600; text-decoration: underline;";
		bar.append(" ", link);
	}
	document.body.prepend(bar);
	// Frappe's own mark says that the site is being maintained, which it is not.
	document.querySelector(".navbar .indicator-pill.yellow.no-indicator-dot")?.remove();
});
