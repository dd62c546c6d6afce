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
)
from dishka import Scope as Lifetime

from adapters.cache.access import AccessCache, CachedAccessReader
from adapters.cache.site_directory import CachedSiteDirectory
from adapters.crypto.keyring import Keyring
from adapters.crypto.tokens import JwtTokenCodec, TokenSigner
from adapters.dns.proofs import DnsDomainProofs
from adapters.ratelimit.login_throttle import LimitsLoginThrottle, LoginLimits, RateLimiter
from application.identity.authenticate import Authenticate
from application.identity.entered_access import EnteredAccessReader
from application.identity.entry_check import EntryCheck
from application.identity.entry_ports import PlatformAccessReader, PlatformTokens
from application.identity.ports import AccessReader, LoginThrottle, SecurityEvents
from application.identity.session_tokens import TokenLifetimes
from application.shared.ports import Clock, NewId
from application.tenancy.domains.ports import DomainProofs, NewProof
from application.tenancy.ports import FollowedSiteDirectory, SiteDirectory
from domain.tenancy.domain import BaseDomains
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.backup_use_cases import BackupUseCases
from entrypoints.file_use_cases import FileUseCases
from entrypoints.identifiers import new_id, new_proof, now, uptime
from entrypoints.jobs import JobsAdded
from entrypoints.logging import LoggedSecurityEvents
from entrypoints.mailing import Mailing
from entrypoints.maintenance import Maintenance
from entrypoints.networks import read_resolvers
from entrypoints.reporting import Reporting
from entrypoints.schedules import Schedules
from entrypoints.settings import Settings
from entrypoints.signing_keys import load_keyring
from entrypoints.use_cases import UseCases


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
        FileUseCases(),
        BackupUseCases(),
        Mailing(),
        JobsAdded(),
        Schedules(),
        Maintenance(),
        Reporting(),
        *providers,
        CachedReads(),
        context={Settings: settings},
        validation_settings=STRICT_VALIDATION,
    )
