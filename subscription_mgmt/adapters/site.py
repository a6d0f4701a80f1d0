"""Which adapters does a site use? Its own records."""

from subscription_mgmt.adapters.activity_records import ActivityRecords
from subscription_mgmt.adapters.catalogue_records import CatalogueRecords
from subscription_mgmt.adapters.contract_records import ContractRecords
from subscription_mgmt.adapters.customer_records import CustomerRecords
from subscription_mgmt.adapters.email_notices import EmailNotices
from subscription_mgmt.adapters.ledger_records import LedgerRecords
from subscription_mgmt.adapters.licence_records import LicenceRecords
from subscription_mgmt.adapters.site_hosting import SiteHosting
from subscription_mgmt.adapters.usage_records import UsageRecords
from subscription_mgmt.adapters.user_records import UserRecords
from subscription_mgmt.services.ports import Ports


def site_ports(billing_run: str | None = None) -> Ports:
	"""Ports for one request or one batch; plans and packs are read once for all its contracts."""
	return Ports(
		contracts=ContractRecords(),
		catalogue=CatalogueRecords(),
		customers=CustomerRecords(),
		ledger=LedgerRecords(billing_run),
		hosting=SiteHosting(),
		notices=EmailNotices(),
		journal=ActivityRecords(),
		licences=LicenceRecords(),
		usage=UsageRecords(),
		users=UserRecords(),
	)
