"""Every use case, feature by feature: what entrypoints ask for."""

from dishka import (
    Provider,
    provide,
    provide_all,
)
from dishka import Scope as Lifetime

from application.access.add_group_member import AddGroupMember
from application.access.change_group import ChangeGroup
from application.access.create_group import CreateGroup
from application.access.delete_group import DeleteGroup
from application.access.grant_ports import GrantableKinds
from application.access.group_authority import GroupAuthority
from application.access.object_access import ObjectAccess
from application.access.object_reach import ObjectReach
from application.access.read_grants import ListGrants, ShowGrant
from application.access.read_groups import ListGroupMembers, ListGroups, ShowGroup, ShowGroupMember
from application.access.remove_group_member import RemoveGroupMember
from application.access.restore_group import RestoreGroup
from application.access.revoke_grant import RevokeGrant
from application.access.share_object import ShareObject
from application.audit.prune_history import PlanPruning, PruneHistory
from application.audit.read_history import ListHistory, ShowHistoryEntry, ShowPast
from application.audit.revert_to_entry import RevertToEntry
from application.identity.authenticate import Authenticate
from application.identity.change_password import ChangePassword
from application.identity.change_profile import ChangeProfile
from application.identity.change_user import ChangeUser
from application.identity.create_admin import CreateAdmin
from application.identity.create_user import CreateUser
from application.identity.delete_user import DeleteUser
from application.identity.end_all_sessions import EndAllSessions
from application.identity.end_session import EndSession
from application.identity.enter_site import EnterSite
from application.identity.entry_check import EntryCheck
from application.identity.linked_users import LinkedUsers
from application.identity.list_sessions import ListSessions
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.read_users import FindUser, ListUsers, ShowProfile, ShowUser
from application.identity.refresh_session import RefreshSession
from application.identity.session_tokens import SessionTokens
from application.identity.user_authority import UserAuthority
from application.identity.verify_token import VerifyToken
from application.projects.change_project import ChangeProject
from application.projects.delete_project import DeleteProject
from application.projects.open_project import OpenProject
from application.projects.read_projects import ListProjects, ShowProject
from application.projects.restore_project import RestoreProject
from application.tasks.change_statuses import ChangeStatuses
from application.tasks.change_task import ChangeTask
from application.tasks.delete_task import DeleteTask
from application.tasks.open_task import OpenTask
from application.tasks.read_tasks import ListTasks, ShowTask
from application.tasks.restore_task import RestoreTask
from application.tasks.show_dashboard import ShowDashboard
from application.tasks.task_authority import TaskAuthority
from application.tenancy.add_member import AddMember
from application.tenancy.change_member import ChangeMember
from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.change_site import ChangeSite
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_organization import DeleteOrganization
from application.tenancy.delete_site import DeleteSite
from application.tenancy.domains.add_domain import AddDomain
from application.tenancy.domains.check_domain import CheckDomain
from application.tenancy.domains.read_domains import ListDomains, ShowDomain, SiteSight
from application.tenancy.domains.remove_domain import RemoveDomain
from application.tenancy.domains.reverify_domain import ListVerifiedDomains, ReverifyDomain
from application.tenancy.domains.set_primary_domain import SetPrimaryDomain
from application.tenancy.domains.verify_domain import VerifyDomain
from application.tenancy.grant_site_access import GrantSiteAccess
from application.tenancy.read_members import ListMembers, ShowMember
from application.tenancy.read_organizations import ListOrganizations, ShowOrganization
from application.tenancy.read_sites import ListOrganizationSites, ListSites, ShowSite, ShowSiteUsage
from application.tenancy.remove_member import RemoveMember
from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.revoke_site_access import RevokeSiteAccess
from application.tenancy.site_standing import SiteStanding
from application.tenancy.standing import Standing
from application.tenancy.suspend_site import SuspendSite
from entrypoints.audited import AUDITED
from entrypoints.grantable import GRANTABLE


class UseCases(Provider):
    scope = Lifetime.REQUEST
    identity = provide_all(
        Authenticate,
        LogIn,
        RefreshSession,
        VerifyToken,
        LogOut,
        ListSessions,
        EndSession,
        EndAllSessions,
        ChangePassword,
        CreateAdmin,
        SessionTokens,
        EnterSite,
        EntryCheck,
        LinkedUsers,
    )

    @provide(scope=Lifetime.APP)
    def grantable(self) -> GrantableKinds:
        return GRANTABLE

    access = provide_all(ObjectAccess, ObjectReach, ShareObject, RevokeGrant, ListGrants, ShowGrant)
    people = provide_all(
        UserAuthority,
        CreateUser,
        ChangeUser,
        DeleteUser,
        ListUsers,
        ShowUser,
        FindUser,
        ShowProfile,
        ChangeProfile,
    )
    groups = provide_all(
        GroupAuthority,
        CreateGroup,
        ChangeGroup,
        DeleteGroup,
        ListGroups,
        ShowGroup,
        ListGroupMembers,
        ShowGroupMember,
        AddGroupMember,
        RemoveGroupMember,
    )
    projects = provide_all(OpenProject, ChangeProject, DeleteProject, RestoreProject, ListProjects, ShowProject)
    audit = provide_all(
        ListHistory,
        ShowHistoryEntry,
        ShowPast,
        RevertToEntry,
        PlanPruning,
        PruneHistory,
        RestoreGroup,
        *(place.resource for place in AUDITED),
    )
    tasks = provide_all(
        TaskAuthority, OpenTask, ChangeTask, ChangeStatuses, DeleteTask, RestoreTask, ListTasks, ShowTask, ShowDashboard
    )
    tenancy = provide_all(
        Standing,
        SiteStanding,
        CreateOrganization,
        CreateSite,
        ChangeSite,
        SuspendSite,
        ResumeSite,
        RenameSite,
        DeleteSite,
        ListSites,
        ListOrganizationSites,
        ShowSite,
        ShowSiteUsage,
    )
    organizations = provide_all(
        ListOrganizations,
        ShowOrganization,
        ChangeOrganization,
        DeleteOrganization,
        ListMembers,
        ShowMember,
        AddMember,
        ChangeMember,
        RemoveMember,
        GrantSiteAccess,
        RevokeSiteAccess,
    )
    domains = provide_all(
        SiteSight,
        AddDomain,
        RemoveDomain,
        VerifyDomain,
        ReverifyDomain,
        SetPrimaryDomain,
        ListDomains,
        ListVerifiedDomains,
        ShowDomain,
        CheckDomain,
    )
