"""Which adapters do offers, interventions and trainings use on a site? Its own records."""

from subscription_mgmt.adapters.quotation_records import QuotationRecords
from subscription_mgmt.adapters.support_site import support_ports
from subscription_mgmt.adapters.training_news import TrainingMails
from subscription_mgmt.adapters.training_records import TrainingRecords
from subscription_mgmt.services.offer_ports import OfferPorts


def offer_ports() -> OfferPorts:
	"""Ports for one request or one record of a batch."""
	return OfferPorts(support_ports(), QuotationRecords(), TrainingRecords(), TrainingMails())
