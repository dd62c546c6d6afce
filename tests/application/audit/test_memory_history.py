"""Use cases leave a history without any infrastructure: whatever differs when their transaction ends."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from adapters.memory.database import MemoryDatabase, MemorySchema, MemoryUnitOfWork
from application.shared.trail import Trail
from domain.audit.entry import HistoryEntry, Operation
from domain.shared.caller import UserId
from tests.newcomers import a_user

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TRAIL = Trail(actor=UUID(int=9), actor_label="ada", request_id="r-1", impersonator=UUID(int=8))


class Acme:
    def __init__(self) -> None:
        self.database = MemoryDatabase()
        self.database.schemas["acme"] = MemorySchema()
        self.work = MemoryUnitOfWork(self.database, lambda: TRAIL, lambda: NOON)

    @property
    def tables(self) -> MemorySchema:
        return self.database.schemas["acme"]

    @property
    def history(self) -> list[HistoryEntry]:
        return self.tables.history


async def test_tells_who_and_when_and_only_what_differs() -> None:
    acme, ada = Acme(), a_user("ada", "hash-one", NOON)
    async with acme.work:
        acme.tables.users[ada.id] = ada
    async with acme.work:
        acme.tables.users[ada.id] = replace(ada, first_name="Ada")
    async with acme.work:
        del acme.tables.users[ada.id]
    made, named, gone = acme.history

    assert [one.operation for one in acme.history] == list(Operation)
    assert {(one.actor, one.actor_label, one.request_id, one.impersonator, one.at) for one in acme.history} == {
        (TRAIL.actor, "ada", "r-1", TRAIL.impersonator, NOON)
    }
    assert (named.before, named.after) == ({"first_name": ""}, {"first_name": "Ada"})
    assert made.before == gone.after == {}
    assert made.after["created_at"] == NOON
    assert {**made.after, "first_name": "Ada"} == gone.before
    assert "hash" not in repr(acme.history)


async def test_a_secret_that_changes_is_told_without_its_value() -> None:
    acme, ada = Acme(), a_user("ada", "hash-one", NOON)
    async with acme.work:
        acme.tables.users[ada.id] = ada
    async with acme.work:
        acme.tables.users[ada.id] = replace(ada, password_hash="hash-two")

    assert acme.history[-1].before == acme.history[-1].after == {"password_hash": "[secret]"}


async def test_what_fails_or_changes_nothing_leaves_nothing() -> None:
    acme, ada = Acme(), a_user("ada", "x", NOON)
    async with acme.work:
        acme.tables.users[ada.id] = ada
    async with acme.work:
        acme.tables.users[ada.id] = replace(ada)

    async def fail() -> None:
        async with acme.work:
            acme.tables.users[ada.id] = replace(ada, first_name="Ada")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert [one.operation for one in acme.history] == ["insert"]


async def test_a_schema_that_is_renamed_keeps_its_history_and_gets_none_for_it() -> None:
    acme, ada = Acme(), a_user("ada", "x", NOON)
    async with acme.work:
        acme.tables.users[UserId(ada.id)] = ada
    async with acme.work:
        acme.database.schemas["moved"] = acme.database.schemas.pop("acme")

    assert [one.operation for one in acme.database.schemas["moved"].history] == ["insert"]
