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
			"<p>Dear customer,</p><p>your contract {{ contract }} ({{ plan }}) renews tacitly on {{ renews_on }}{% if price %} at {{ price }} plus tax{% endif %}. If you do not want that, switch the renewal off before that day.</p>",
		),
		"es": (
			"Su contrato {{ contract }} se renueva el {{ renews_on }}",
			"<p>Estimado cliente:</p><p>Su contrato {{ contract }} ({{ plan }}) se renueva tácitamente el {{ renews_on }}{% if price %} por {{ price }} más impuestos{% endif %}. Si no lo desea, desactive la renovación antes de ese día.</p>",
		),
		"fr": (
			"Votre contrat {{ contract }} est reconduit le {{ renews_on }}",
			"<p>Cher client,</p><p>Votre contrat {{ contract }} ({{ plan }}) est reconduit tacitement le {{ renews_on }}{% if price %} au prix de {{ price }} hors taxes{% endif %}. Si vous ne le souhaitez pas, désactivez la reconduction avant cette date.</p>",
		),
	},
	"quota_80": {
		"en": (
			"80 % of {{ metric }} used: contract {{ contract }}",
			"<p>Dear customer,</p><p>your contract {{ contract }} ({{ plan }}) has used {{ used }} of {{ quota }} {{ metric }}{% if module %} in {{ module }}{% endif %} this month. A pack raises the quota.</p>",
		),
		"es": (
			"80 % de {{ metric }} utilizado: contrato {{ contract }}",
			"<p>Estimado cliente:</p><p>Su contrato {{ contract }} ({{ plan }}) ha utilizado {{ used }} de {{ quota }} {{ metric }}{% if module %} en {{ module }}{% endif %} este mes. Un paquete amplía el cupo.</p>",
		),
		"fr": (
			"80 % de {{ metric }} utilisés : contrat {{ contract }}",
			"<p>Cher client,</p><p>Votre contrat {{ contract }} ({{ plan }}) a utilisé {{ used }} sur {{ quota }} {{ metric }}{% if module %} dans {{ module }}{% endif %} ce mois-ci. Un pack augmente le quota.</p>",
		),
	},
	"quota_100": {
		"en": (
			"{{ metric }} used up: contract {{ contract }}",
			"<p>Dear customer,</p><p>your contract {{ contract }} ({{ plan }}) has used {{ used }} of {{ quota }} {{ metric }}{% if module %} in {{ module }}{% endif %} this month. What goes beyond is billed or refused, as your plan says; a pack raises the quota.</p>",
		),
		"es": (
			"{{ metric }} agotado: contrato {{ contract }}",
			"<p>Estimado cliente:</p><p>Su contrato {{ contract }} ({{ plan }}) ha utilizado {{ used }} de {{ quota }} {{ metric }}{% if module %} en {{ module }}{% endif %} este mes. Lo que exceda se factura o se rechaza, según su plan; un paquete amplía el cupo.</p>",
		),
		"fr": (
			"{{ metric }} épuisé : contrat {{ contract }}",
			"<p>Cher client,</p><p>Votre contrat {{ contract }} ({{ plan }}) a utilisé {{ used }} sur {{ quota }} {{ metric }}{% if module %} dans {{ module }}{% endif %} ce mois-ci. Au-delà, la consommation est facturée ou refusée selon votre abonnement ; un pack augmente le quota.</p>",
		),
	},
	"blocked": {
		"en": (
			"Refused beyond the quota of {{ metric }}: contract {{ contract }}",
			"<p>Dear customer,</p><p>{{ used }} {{ metric }}{% if module %} in {{ module }}{% endif %} were asked for, but your contract {{ contract }} ({{ plan }}) has {{ quota }}. Take a pack to go on.</p>",
		),
		"es": (
			"Rechazado por superar el cupo de {{ metric }}: contrato {{ contract }}",
			"<p>Estimado cliente:</p><p>Se solicitaron {{ used }} {{ metric }}{% if module %} en {{ module }}{% endif %}, pero su contrato {{ contract }} ({{ plan }}) tiene {{ quota }}. Contrate un paquete para continuar.</p>",
		),
		"fr": (
			"Refusé au-delà du quota de {{ metric }} : contrat {{ contract }}",
			"<p>Cher client,</p><p>{{ used }} {{ metric }}{% if module %} dans {{ module }}{% endif %} ont été demandés, mais votre contrat {{ contract }} ({{ plan }}) en compte {{ quota }}. Souscrivez un pack pour continuer.</p>",
		),
	},
	"maintenance": {
		"en": (
			"{% if is_cancelled %}Cancelled: {% elif is_news %}Moved: {% endif %}maintenance of {{ named }}, {{ starts_at }}",
			"<p>Dear customer,</p><p>{% if is_cancelled %}the maintenance of {{ instances }} from {{ starts_at }} to {{ ends_at }} ({{ time_zone }}) will not take place.{% else %}from {{ starts_at }} to {{ ends_at }} ({{ time_zone }}) we work on {{ instances }}. Meanwhile it may not be reached.{% endif %}</p>{% if reason %}<p>{{ reason | e }}</p>{% endif %}",
		),
		"es": (
			"{% if is_cancelled %}Cancelado: {% elif is_news %}Nueva hora: {% endif %}mantenimiento de {{ named }}, {{ starts_at }}",
			"<p>Estimado cliente:</p><p>{% if is_cancelled %}El mantenimiento de {{ instances }} del {{ starts_at }} al {{ ends_at }} ({{ time_zone }}) no se realizará.{% else %}Del {{ starts_at }} al {{ ends_at }} ({{ time_zone }}) haremos trabajos de mantenimiento en {{ instances }}. Mientras tanto puede no estar disponible.{% endif %}</p>{% if reason %}<p>{{ reason | e }}</p>{% endif %}",
		),
		"fr": (
			"{% if is_cancelled %}Annulée : {% elif is_news %}Déplacée : {% endif %}maintenance de {{ named }}, {{ starts_at }}",
			"<p>Cher client,</p><p>{% if is_cancelled %}La maintenance de {{ instances }} prévue du {{ starts_at }} au {{ ends_at }} ({{ time_zone }}) n'aura pas lieu.{% else %}Du {{ starts_at }} au {{ ends_at }} ({{ time_zone }}), nous intervenons sur {{ instances }}. Pendant ce temps, le service peut être indisponible.{% endif %}</p>{% if reason %}<p>{{ reason | e }}</p>{% endif %}",
		),
	},
}
