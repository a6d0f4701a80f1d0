"""How is each kind of operation done? Each may be called again after any of its steps, and finds what is done."""

from subscription_mgmt.engine.operations import Kind
from subscription_mgmt.jobs.access_work import provision, set_access
from subscription_mgmt.jobs.backup_work import back_up, restore
from subscription_mgmt.jobs.drop_work import drop
from subscription_mgmt.jobs.update_work import update
from subscription_mgmt.services.hosting_ports import Performer

PERFORMERS: dict[Kind, Performer] = {
	Kind.PROVISION: provision,
	Kind.SET_ACCESS: set_access,
	Kind.BACK_UP: back_up,
	Kind.RESTORE: restore,
	Kind.DRILL: restore,
	Kind.UPDATE: update,
	Kind.DROP: drop,
}
