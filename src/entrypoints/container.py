"""All wiring, readable on one page. Each entrypoint composes the providers it needs."""

from collections.abc import AsyncIterator
from datetime import timedelta

from dishka import (
    STRICT_VALIDATION,
    AnyOf,
    AsyncContainer,
    Provider,
    WithParents,
    decorate,
    from_context,
    make_async_container,
    provide,
    provide_all,
)
from dishka import Scope as Lifetime

from adapters.cache.access import AccessCache, CachedAccessReader
from adapters.cache.site_directory import CachedSiteDirectory
from adapters.crypto.keyring import Keyring
from adapters.crypto.tokens import JwtTokenCodec, TokenSigner
from adapters.dns.proofs import DnsDomainProofs
from adapters.ratelimit.login_throttle import LimitsLoginThrottle, LoginLimits, RateLimiter
from application.access.add_group_member import AddGroupMember
from application.access.change_group import ChangeGroup
from application.access.create_group import CreateGroup
from application.access.delete_group import DeleteGroup
from application.access.group_authority import GroupAuthority
from application.access.object_access import ObjectAccess
from application.access.read_grants import ListGrants, ShowGrant
from application.access.read_groups import ListGroupMembers, ListGroups, ShowGroup
from application.access.remove_group_member import RemoveGroupMember
from application.access.revoke_grant import RevokeGrant
from application.access.share_object import ShareObject
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
from application.identity.entered_access import EnteredAccessReader
from application.identity.entry_check import EntryCheck
from application.identity.entry_ports import PlatformAccessReader, PlatformTokens
from application.identity.linked_users import LinkedUsers
from application.identity.list_sessions import ListSessions
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.ports import AccessReader, LoginThrottle, SecurityEvents
from application.identity.read_users import FindUser, ListUsers, ShowProfile, ShowUser
from application.identity.refresh_session import RefreshSession
from application.identity.session_tokens import SessionTokens, TokenLifetimes
from application.identity.user_authority import UserAuthority
from application.identity.verify_token import VerifyToken
from application.projects.change_project import ChangeProject
from application.projects.delete_project import DeleteProject
from application.projects.open_project import OpenProject
from application.projects.read_projects import ListProjects, ShowProject
from application.shared.ports import Clock, NewId
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
from application.tenancy.domains.ports import DomainProofs, NewProof
from application.tenancy.domains.read_domains import ListDomains, ShowDomain, SiteSight
from application.tenancy.domains.remove_domain import RemoveDomain
from application.tenancy.domains.reverify_domain import ListVerifiedDomains, ReverifyDomain
from application.tenancy.domains.set_primary_domain import SetPrimaryDomain
from application.tenancy.domains.verify_domain import VerifyDomain
from application.tenancy.grant_site_access import GrantSiteAccess
from application.tenancy.ports import FollowedSiteDirectory, SiteDirectory
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
from domain.tenancy.domain import BaseDomains
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.identifiers import new_id, new_proof, now, uptime
from entrypoints.logging import LoggedSecurityEvents
from entrypoints.mailing import Mailing
from entrypoints.networks import read_resolvers
from entrypoints.settings import Settings
from entrypoints.signing_keys import load_keyring


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
    access = provide_all(ObjectAccess, ShareObject, RevokeGrant, ListGrants, ShowGrant)
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
        AddGroupMember,
        RemoveGroupMember,
    )
    projects = provide_all(OpenProject, ChangeProject, DeleteProject, ListProjects, ShowProject)
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


class System(Provider):
    """What every entrypoint has, whatever the data lives in."""

    scope = Lifetime.APP
    settings = from_context(Settings)

    @provide
    def clock(self) -> Clock:
        return now

    @provide
    def new_id(self) -> NewId:
        return new_id

    @provide
    def new_proof(self) -> NewProof:
        return new_proof

    @provide
    def base_domains(self, settings: Settings) -> BaseDomains:
        return BaseDomains(settings.base_domains)

    @provide
    def domain_proofs(self, settings: Settings) -> DomainProofs:
        return DnsDomainProofs(read_resolvers(settings.dns_resolvers))

    @provide
    def keyring(self, settings: Settings) -> Keyring:
        return load_keyring(settings)

    @provide
    def signer(self, keyring: Keyring, clock: Clock, settings: Settings) -> TokenSigner:
        return TokenSigner(
            keyring,
            clock,
            issuer=settings.issuer,
            leeway=timedelta(seconds=settings.token_leeway_seconds),
        )

    @provide
    def lifetimes(self, settings: Settings) -> TokenLifetimes:
        return TokenLifetimes(
            access=timedelta(seconds=settings.access_token_seconds),
            refresh=timedelta(seconds=settings.refresh_token_seconds),
            grace=timedelta(seconds=settings.refresh_grace_seconds),
            impersonation=timedelta(seconds=settings.impersonation_seconds),
        )

    @provide
    async def limiter(self, settings: Settings) -> AsyncIterator[RateLimiter]:
        limits = LoginLimits(
            account_and_address=settings.login_limit_account_and_address,
            account=settings.login_limit_account,
            address=settings.login_limit_address,
        )
        limiter = RateLimiter(settings.cache_url, limits)
        yield limiter
        await limiter.close()

    @provide
    def access_cache(self, settings: Settings) -> AccessCache:
        return AccessCache(uptime, seconds=settings.access_check_seconds)

    @provide
    def site_directory(self, source: FollowedSiteDirectory) -> AnyOf[CachedSiteDirectory, SiteDirectory]:
        return CachedSiteDirectory(source, uptime)

    @provide
    def security_events(self) -> SecurityEvents:
        return LoggedSecurityEvents()

    codec = provide(WithParents[JwtTokenCodec], scope=Lifetime.REQUEST)

    @provide(scope=Lifetime.REQUEST)
    def platform_tokens(self, signer: TokenSigner, access: PlatformAccessReader) -> PlatformTokens:
        return Authenticate(codec=JwtTokenCodec(signer, PlatformScope()), access=access)

    @provide(scope=Lifetime.REQUEST)
    def throttle(self, limiter: RateLimiter, scope: Scope) -> LoginThrottle:
        return LimitsLoginThrottle(limiter, scope)


class CachedReads(Provider):
    """Caches before the readers of whatever store is below, and what is decided between the two."""

    @decorate
    def access(self, source: AccessReader, check: EntryCheck, cache: AccessCache, scope: Scope) -> AccessReader:
        return CachedAccessReader(EnteredAccessReader(source=source, check=check), cache, scope)


def make_container(settings: Settings, *providers: Provider) -> AsyncContainer:
    """`providers`: a store (`entrypoints.stores`) and what the entrypoint adds."""
    return make_async_container(
        System(),
        UseCases(),
        Mailing(),
        *providers,
        CachedReads(),
        context={Settings: settings},
        validation_settings=STRICT_VALIDATION,
    )
