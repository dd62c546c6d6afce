"""The ports of identity on any store, each call a request of its own unless it is in one `transaction`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from dishka import AsyncContainer

from application.identity.ports import (
    AccessReader,
    RefreshTokenRepository,
    SessionReader,
    SessionRepository,
    UserRepository,
)
from application.shared.ports import UnitOfWork
from domain.identity.session import RefreshToken, Session
from domain.identity.user import User
from domain.tenancy.scope import Scope
from tests.world import World


@dataclass(frozen=True, slots=True)
class Ports:
    users: UserRepository
    sessions: SessionRepository
    chain: RefreshTokenRepository
    reader: SessionReader
    access: AccessReader


async def ports_of(container: AsyncContainer) -> Ports:
    return Ports(
        await container.get(UserRepository),
        await container.get(SessionRepository),
        await container.get(RefreshTokenRepository),
        await container.get(SessionReader),
        await container.get(AccessReader),
    )


@asynccontextmanager
async def transaction(world: World, scope: Scope) -> AsyncIterator[Ports]:
    """Commits when the block ends, rolls back when it raises."""
    async with world.acting(scope) as container:
        ports = await ports_of(container)
        async with await container.get(UnitOfWork):
            yield ports


@asynccontextmanager
async def reading(world: World, scope: Scope) -> AsyncIterator[Ports]:
    """Outside of any transaction."""
    async with world.acting(scope) as container:
        yield await ports_of(container)


async def store(world: World, scope: Scope, *entities: User | Session | RefreshToken) -> None:
    async with transaction(world, scope) as ports:
        for entity in entities:
            match entity:
                case User():
                    await ports.users.add(entity)
                case Session():
                    await ports.sessions.add(entity)
                case RefreshToken():
                    await ports.chain.add(entity)
