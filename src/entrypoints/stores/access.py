from typing import Final

from dishka import WithParents, provide, provide_all

from adapters.memory.access import (
    MemoryGroupMemberReader,
    MemoryGroupMemberRepository,
    MemoryGroupReader,
    MemoryGroupRepository,
)
from adapters.memory.grants import MemoryGrantableObjects, MemoryGrantReader, MemoryGrantRepository
from adapters.memory.users import MemoryUserGroups
from adapters.postgres.access.grants import PostgresGrantReader, PostgresGrantRepository
from adapters.postgres.access.group_member_reader import PostgresGroupMemberReader
from adapters.postgres.access.group_reader import PostgresGroupReader
from adapters.postgres.access.groups import PostgresGroupMemberRepository, PostgresGroupRepository
from adapters.postgres.access.objects import PostgresGrantableObjects
from adapters.postgres.access.user_groups import PostgresUserGroups
from application.access.grant_ports import GrantableObjects, GrantReader, GrantRepository
from application.access.ports import GroupMemberReader, GroupMemberRepository, GroupReader, GroupRepository
from application.identity.ports import UserGroups

POSTGRES: Final = provide_all(
    WithParents[PostgresGrantableObjects],
    WithParents[PostgresGrantRepository],
    WithParents[PostgresGrantReader],
    WithParents[PostgresUserGroups],
    WithParents[PostgresGroupRepository],
    WithParents[PostgresGroupMemberRepository],
    WithParents[PostgresGroupReader],
    WithParents[PostgresGroupMemberReader],
)

MEMORY: Final = (
    provide(MemoryUserGroups, provides=UserGroups)
    + provide(MemoryGrantableObjects, provides=GrantableObjects)
    + provide(MemoryGrantRepository, provides=GrantRepository)
    + provide(MemoryGrantReader, provides=GrantReader)
    + provide(MemoryGroupRepository, provides=GroupRepository)
    + provide(MemoryGroupMemberRepository, provides=GroupMemberRepository)
    + provide(MemoryGroupReader, provides=GroupReader)
    + provide(MemoryGroupMemberReader, provides=GroupMemberReader)
)
