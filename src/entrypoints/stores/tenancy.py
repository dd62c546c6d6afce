from typing import Final

from dishka import Scope as Lifetime
from dishka import WithParents, provide, provide_all

from adapters.memory.domains import MemoryDomainReader, MemoryDomainRepository, MemorySitesInSight
from adapters.memory.invitations import MemoryInvitationReader, MemoryInvitationRepository
from adapters.memory.organization_readers import MemoryMemberReader, MemoryOrganizationReader
from adapters.memory.organizations import (
    MemoryMemberRepository,
    MemoryOrganizationRepository,
    MemoryOrganizationTies,
    MemorySiteAccessRepository,
)
from adapters.memory.tenancy import MemorySiteReader, MemorySiteRepository, MemorySiteSchemas
from adapters.memory.usage import MemoryRequestCounts, MemoryUsageLedger
from adapters.postgres.tenancy.domain_reader import PostgresDomainReader, PostgresSitesInSight
from adapters.postgres.tenancy.domains import PostgresDomainRepository
from adapters.postgres.tenancy.invitation_reader import PostgresInvitationReader
from adapters.postgres.tenancy.invitations import PostgresInvitationRepository
from adapters.postgres.tenancy.member_reader import PostgresMemberReader
from adapters.postgres.tenancy.members import PostgresMemberRepository
from adapters.postgres.tenancy.organization_reader import PostgresOrganizationReader
from adapters.postgres.tenancy.organization_ties import PostgresOrganizationTies
from adapters.postgres.tenancy.organizations import PostgresOrganizationRepository
from adapters.postgres.tenancy.reader import PostgresSiteReader
from adapters.postgres.tenancy.schemas import PostgresSiteSchemas
from adapters.postgres.tenancy.site_access import PostgresSiteAccessRepository
from adapters.postgres.tenancy.sites import PostgresSiteRepository
from adapters.postgres.tenancy.usage_days import PostgresRequestCounts, PostgresUsageLedger
from application.tenancy.usage_ports import UsageLedger

POSTGRES: Final = provide_all(
    WithParents[PostgresOrganizationRepository],
    WithParents[PostgresMemberRepository],
    WithParents[PostgresInvitationRepository],
    WithParents[PostgresInvitationReader],
    WithParents[PostgresOrganizationReader],
    WithParents[PostgresMemberReader],
    WithParents[PostgresSiteAccessRepository],
    WithParents[PostgresOrganizationTies],
    WithParents[PostgresSiteRepository],
    WithParents[PostgresSiteReader],
    WithParents[PostgresSiteSchemas],
    WithParents[PostgresSitesInSight],
    WithParents[PostgresDomainRepository],
    WithParents[PostgresDomainReader],
    WithParents[PostgresUsageLedger],
) + provide(WithParents[PostgresRequestCounts], scope=Lifetime.APP)

MEMORY: Final = (
    provide_all(
        WithParents[MemoryOrganizationRepository],
        WithParents[MemoryMemberRepository],
        WithParents[MemoryInvitationRepository],
        WithParents[MemoryInvitationReader],
        WithParents[MemoryOrganizationReader],
        WithParents[MemoryMemberReader],
        WithParents[MemorySiteAccessRepository],
        WithParents[MemoryOrganizationTies],
        WithParents[MemorySiteRepository],
        WithParents[MemorySiteReader],
        WithParents[MemorySiteSchemas],
        WithParents[MemorySitesInSight],
        WithParents[MemoryDomainRepository],
        WithParents[MemoryDomainReader],
    )
    + provide(MemoryUsageLedger, provides=UsageLedger)
    + provide(WithParents[MemoryRequestCounts], scope=Lifetime.APP)
)
