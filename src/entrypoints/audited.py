"""Every resource whose history is shown: a feature adds its own."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from application.access.group_history import GroupHistory
from application.audit.ports import TrackedResource
from application.files.file_history import FileHistory
from application.identity.user_history import UserHistory
from application.jobs.schedules.history import ScheduleHistory
from application.projects.project_history import ProjectHistory
from application.tasks.task_history import TaskHistory
from application.tenancy.closed_histories import DomainHistory, InvitationHistory
from application.tenancy.tenancy_histories import MemberHistory, OrganizationHistory, SiteHistory


class Hosts(Enum):
    """Where a resource is."""

    SITES = "sites"
    PLATFORM = "platform"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Place:
    """A resource, on which hosts it is, and at which path one of them is.

    `refused` are the statuses of a revert that is refused, `hidden` of a history that is, besides those of all.
    """

    resource: type[TrackedResource]
    hosts: Hosts
    path: str
    refused: tuple[int, ...] = (403, 412, 422)
    hidden: tuple[int, ...] = ()


AUDITED: Final = (
    Place(ProjectHistory, Hosts.SITES, "/api/projects/{project_id:uuid}"),
    Place(TaskHistory, Hosts.SITES, "/api/tasks/{task_id:uuid}"),
    Place(FileHistory, Hosts.SITES, "/api/files/{file_id:uuid}"),
    Place(GroupHistory, Hosts.SITES, "/api/groups/{group_id:uuid}", refused=(403, 409, 412, 422), hidden=(403,)),
    Place(UserHistory, Hosts.ALL, "/api/users/{user_id:uuid}", refused=(403, 409, 412, 422)),
    Place(OrganizationHistory, Hosts.PLATFORM, "/api/organizations/{slug:str}"),
    Place(MemberHistory, Hosts.PLATFORM, "/api/organizations/{slug:str}/members/{user_id:uuid}"),
    Place(InvitationHistory, Hosts.PLATFORM, "/api/invitations/{invitation_id:uuid}", refused=(412, 422)),
    Place(SiteHistory, Hosts.PLATFORM, "/api/sites/{slug:str}"),
    Place(ScheduleHistory, Hosts.PLATFORM, "/api/schedules/{schedule_id:uuid}", hidden=(403,)),
    Place(DomainHistory, Hosts.PLATFORM, "/api/sites/{slug:str}/domains/{domain:str}", refused=(412, 422)),
)
