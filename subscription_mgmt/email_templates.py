"""Which e-mails does the app bring along? (subject, message) by kind and language; a vendor edits them in Desk."""

TEMPLATES: dict[str, dict[str, tuple[str, str]]] = {
	"reminder": {
		"en": (
			"Reminder: an invoice of contract {{ contract }} is unpaid",
			"<p>Dear customer,</p><p>an invoice of your contract {{ contract }} ({{ plan }}) has been due for {{ days }} days. Please pay it, so that your access to {{ instance or plan }} is not restricted. If you have paid meanwhile, thank you.</p>",
		),
		"es": (
			"Recordatorio: una factura del contrato {{ contract }} está impaga",
			"<p>Estimado cliente:</p><p>Una factura de su contrato {{ contract }} ({{ plan }}) venció hace {{ days }} días. Le rogamos pagarla para que su acceso a {{ instance or plan }} no se restrinja. Si ya la pagó, muchas gracias.</p>",
		),
		"fr": (
			"Rappel : une facture du contrat {{ contract }} est impayée",
			"<p>Cher client,</p><p>Une facture de votre contrat {{ contract }} ({{ plan }}) est échue depuis {{ days }} jours. Merci de la régler afin que votre accès à {{ instance or plan }} ne soit pas restreint. Si vous l'avez réglée entre-temps, merci.</p>",
		),
	},
	"restriction": {
		"en": (
			"Access restricted: contract {{ contract }}",
			"<p>Dear customer,</p><p>because invoices of your contract {{ contract }} are unpaid, access to {{ instance or plan }} is restricted from today. Your data is kept. As soon as you pay, full access comes back.</p>",
		),
		"es": (
			"Acceso restringido: contrato {{ contract }}",
			"<p>Estimado cliente:</p><p>Debido a facturas impagas de su contrato {{ contract }}, el acceso a {{ instance or plan }} queda restringido desde hoy. Su información se conserva. En cuanto pague, recupera el acceso completo.</p>",
		),
		"fr": (
			"Accès restreint : contrat {{ contract }}",
			"<p>Cher client,</p><p>Des factures de votre contrat {{ contract }} étant impayées, l'accès à {{ instance or plan }} est restreint dès aujourd'hui. Vos données sont conservées. Dès le paiement, l'accès complet est rétabli.</p>",
		),
	},
	"deletion": {
		"en": (
			"Your data will be deleted in {{ days }} days: contract {{ contract }}",
			"<p>Dear customer,</p><p>access to {{ instance or plan }} is restricted. In {{ days }} days of further restriction its data will be deleted. Pay what is open, or change to a read-only plan, to keep it.</p>",
		),
		"es": (
			"Sus datos se eliminarán en {{ days }} días: contrato {{ contract }}",
			"<p>Estimado cliente:</p><p>El acceso a {{ instance or plan }} está restringido. Tras {{ days }} días más de restricción se eliminarán sus datos. Para conservarlos, pague lo pendiente o contrate un plan de solo consulta.</p>",
		),
		"fr": (
			"Vos données seront supprimées dans {{ days }} jours : contrat {{ contract }}",
			"<p>Cher client,</p><p>L'accès à {{ instance or plan }} est restreint. Après {{ days }} jours de restriction supplémentaires, ses données seront supprimées. Pour les conserver, réglez ce qui est dû ou passez à un abonnement en lecture seule.</p>",
		),
	},
	"renewal": {
		"en": (
			"Your contract {{ contract }} renews on {{ renews_on }}",
			"<p>Dear customer,</p><p>your contract {{ contract }} ({{ plan }}) renews tacitly on {{ renews_on }}. If you do not want that, switch the renewal off before that day.</p>",
		),
		"es": (
			"Su contrato {{ contract }} se renueva el {{ renews_on }}",
			"<p>Estimado cliente:</p><p>Su contrato {{ contract }} ({{ plan }}) se renueva tácitamente el {{ renews_on }}. Si no lo desea, desactive la renovación antes de ese día.</p>",
		),
		"fr": (
			"Votre contrat {{ contract }} est reconduit le {{ renews_on }}",
			"<p>Cher client,</p><p>Votre contrat {{ contract }} ({{ plan }}) est reconduit tacitement le {{ renews_on }}. Si vous ne le souhaitez pas, désactivez la reconduction avant cette date.</p>",
		),
	},
}
