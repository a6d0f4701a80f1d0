"""Which way does a support request go: by promise, by credits, by quote, or not at all?"""

from dataclasses import dataclass
from enum import Enum

from subscription_mgmt.engine.errors import DomainError
from subscription_mgmt.engine.support_credits import TicketKind
from subscription_mgmt.engine.support_policies import DECLINE, Scope, SlaPolicy, Topic


class Route(Enum):
	SLA = "sla"
	CREDITS = "credits"
	QUOTE = "quote"
	EXCLUDED = "excluded"
	DECLINED = "declined"
	COMMUNITY = "community"


BY_SCOPE = {Scope.EXCLUDED: Route.EXCLUDED, Scope.BY_QUOTE: Route.QUOTE, Scope.COMMUNITY: Route.COMMUNITY}
# Nobody works on these.
REFUSED = frozenset({Route.EXCLUDED, Route.DECLINED})


@dataclass(frozen=True)
class Split:
	"""Minutes of a piece of work within the promise, and those that cost credits. `is_declined`: neither is
	done."""

	included: int
	charged: int
	is_declined: bool = False


def route_of(
	policy: SlaPolicy | None, topic: Topic | None, kind: TicketKind, customised: bool, cap_left: int | None
) -> Route:
	"""`cap_left`: minutes of the policy's 12 months that are left (None: no cap).

	The topic comes first. Seed es: an update of a system with changes to its code is by quote. Who has no
	policy asks the community.
	"""
	if topic is not None and topic.scope in BY_SCOPE:
		return BY_SCOPE[topic.scope]
	if policy is None:
		return Route.COMMUNITY
	is_update = kind is TicketKind.UPDATE or bool(topic and topic.flat_credits)
	if policy.credits is not None and is_update and customised:
		return Route.QUOTE
	if cap_left is not None and cap_left <= 0:
		return Route.DECLINED if policy.beyond_cap == DECLINE else Route.CREDITS
	return Route.CREDITS if policy.credits is not None and cap_left is None else Route.SLA


def check_channel(policy: SlaPolicy | None, channel: str) -> None:
	if channel and policy is not None and policy.channels and channel not in policy.channels:
		known = ", ".join(policy.channels)
		raise DomainError("channel_not_offered", channel=channel, policy=policy.name, known=known)


def split_work(route: Route, policy: SlaPolicy | None, minutes: int, cap_left: int | None) -> Split:
	"""Seed uk: no obligation "una vez que se hayan consumido las horas máximas"; or further work costs
	credits.

	Raises DomainError `hour_cap_short` where a part of the work would still be within the cap.
	"""
	if minutes <= 0:
		raise DomainError("minutes_not_positive", minutes=minutes)
	if route is Route.CREDITS:
		return Split(0, minutes)
	if route is not Route.SLA or policy is None or cap_left is None or minutes <= cap_left:
		return Split(minutes, 0)
	left = max(cap_left, 0)
	if policy.beyond_cap != DECLINE:
		return Split(left, minutes - left)
	if left:
		raise DomainError("hour_cap_short", policy=policy.name, left=left, minutes=minutes)
	return Split(0, 0, is_declined=True)
