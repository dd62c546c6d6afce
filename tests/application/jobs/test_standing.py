"""For whom a job acts that acts as its asker: as they are when it runs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from application.identity.ports import AccessReader
from application.identity.views import Access
from application.jobs.standing import JobStanding
from domain.identity.entry import Passage
from domain.jobs.job import Asker
from domain.shared.caller import NotPermittedError, Permission, SessionId, UserId

ANN, ADMIN, SESSION = UserId(uuid4()), UserId(uuid4()), SessionId(uuid4())
VIEW = frozenset({Permission.JOBS_VIEW})
HERE = Passage(linked=None, impersonator=None, platform_session=None, entered_at=datetime(2030, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Stored(AccessReader):
    """Of Ann, in her session."""

    access: Access | None

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None:
        assert (user_id, session_id) in ((ANN, SESSION), (ANN, SessionId(ANN)))
        return self.access


def standing(**changes: Any) -> JobStanding:
    known: dict[str, Any] = {
        "username": "ann",
        "is_active": True,
        "token_version": 1,
        "permissions": VIEW,
        "passage": HERE,
    }
    return JobStanding(access=Stored(Access(**known | changes)))


def asker(**changes: Any) -> Asker:
    known: dict[str, Any] = {"label": "ann", "request_id": "r", "user_id": ANN, "session_id": SESSION}
    return Asker(**known | changes)


async def test_acts_with_what_they_may_now() -> None:
    caller = await standing().of_asker(asker())
    assert (caller.user_id, caller.session_id, caller.permissions) == (ANN, SESSION, VIEW)


@pytest.mark.parametrize("standing", [standing(is_active=False), JobStanding(access=Stored(None))])
async def test_not_for_who_was_deactivated_or_is_gone(standing: JobStanding) -> None:
    with pytest.raises(NotPermittedError):
        await standing.of_asker(asker())


async def test_who_signed_out_meanwhile_is_who_they_are() -> None:
    assert (await standing(passage=None).of_asker(asker())).permissions == VIEW


async def test_whoever_came_from_the_platform_and_is_there_still_may_what_they_may() -> None:
    assert (await standing(is_linked=True).of_asker(asker())).permissions == VIEW
    assert (await standing().of_asker(asker(impersonator=ADMIN))).permissions == VIEW


async def test_whoever_came_from_the_platform_has_left_with_their_session() -> None:
    with pytest.raises(NotPermittedError):
        await standing(passage=None, is_linked=True).of_asker(asker())
    with pytest.raises(NotPermittedError):
        await standing(passage=None).of_asker(asker(impersonator=ADMIN))


async def test_nobody_but_the_platform_itself_may_do_everything() -> None:
    assert (await standing().of_asker(asker(user_id=None))).permissions == frozenset(Permission)
    assert (await standing().of_platform(asker())).user_id is None
