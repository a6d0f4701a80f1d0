// How does an instance stand? Seen at the head of its form: availability, backup, drill, what runs, what is planned.

(() => {
	const STANDING_COLOURS = { Kept: "green", "Not Proven": "orange", Broken: "red" };
	const OLD_BACKUP_HOURS = 36;

	frappe.ui.form.on("Hosted Instance", {
		refresh(frm) {
			if (frm.is_new() || frm.doc.actual_mode === "Deleted") return;
			const call = { method: "subscription_mgmt.api.instances.state", args: { instance: frm.doc.name } };
			frappe.call(call).then(({ message }) => show(frm, message));
		},
	});

	function show(frm, { backup, drill, alert, operation, probe, down_since, maintenance, month }) {
		const indicate = (text, colour) => frm.dashboard.add_indicator(text, colour);
		if (down_since) indicate(__("Down: {0}", [ago(down_since)]), "red");
		if (operation) {
			const step = operation.step ? `, ${__(operation.step)}` : "";
			const colour = operation.status === "Failed" ? "red" : "blue";
			indicate(`${__(operation.kind)}: ${__(operation.status)}${step}`, colour);
		}
		if (month) indicate(...of_month(month));
		if (alert) indicate(__("Backup alert: {0}", [__(alert)]), "red");
		indicate(...of_backup(frm, backup));
		if (drill) indicate(__("Last drill: {0}", [ago(drill.finished_at)]), "green");
		else if (backup) indicate(__("No drill yet"), "gray");
		const not_probed = of_probe(frm, probe);
		if (not_probed) indicate(...not_probed);
		if (maintenance) indicate(__("Maintenance: {0}", [frappe.datetime.str_to_user(maintenance)]), "blue");
	}

	function of_month({ percent, promise, standing }) {
		if (percent === null) return [__("Availability not seen yet"), "gray"];
		const text = promise
			? __("Available this month: {0} % of {1} %", [percent, promise])
			: __("Available this month: {0} %", [percent]);
		return [text, STANDING_COLOURS[standing] || "gray"];
	}

	function of_backup(frm, backup) {
		if (!backup) return [__("No good backup yet"), frm.doc.actual_mode ? "orange" : "gray"];
		const hours = moment(frappe.datetime.now_datetime()).diff(moment(backup.finished_at), "hours");
		return [__("Last good backup: {0}", [ago(backup.finished_at)]), hours > OLD_BACKUP_HOURS ? "orange" : "green"];
	}

	function of_probe(frm, probe) {
		if (!probe) return frm.doc.actual_mode ? [__("Not Asked Yet"), "gray"] : null;
		if (probe.disabled) return [__("Probe disabled"), "gray"];
		if (probe.outcome && !probe.first_reached_at) return [__("Never Reached"), "orange"];
		return null;
	}

	function ago(moment_text) {
		return frappe.datetime.prettyDate(moment_text);
	}
})();
