from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from adapters.crypto.sealing import KeyringSealer
from adapters.jobs.codec import MsgspecJobCodec
from application.files.discard_uploads import DiscardUploads, Leftover
from application.files.sweep_sites import DiscardSite
from application.identity.send_password_reset import SendPasswordReset
from application.jobs.kinds import JobKind
from application.jobs.ports import SealedElsewhereError, UnreadableJobError
from application.shared.mail import SendMail
from domain.files.upload import UploadId
from domain.jobs.job import JobId, Queue
from domain.shared.caller import UserId
from domain.tasks.task import TaskPriority
from domain.tenancy.site import SiteId
from entrypoints.queued import QUEUED
from tests.crypto.keys import jwk, ring
from tests.mail.mails import a_mail

JOB = JobId(UUID(int=1))
CODEC = MsgspecJobCodec(KeyringSealer(ring()))


@dataclass(frozen=True)
class Everything:
    """Takes one argument of each type that a use case may have."""

    async def __call__(
        self,
        *,
        user: UserId,
        at: datetime,
        day: date | None,
        pause: timedelta,
        priority: TaskPriority,
        dry_run: bool,
        digest: bytes,
        sizes: Mapping[UserId, int],
        names: Sequence[str] = (),
        kept: frozenset[int] = frozenset(),
    ) -> None: ...


EVERYTHING: dict[str, Any] = {
    "user": UserId(UUID(int=5)),
    "at": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    "day": None,
    "pause": timedelta(minutes=3),
    "priority": TaskPriority.HIGH,
    "dry_run": True,
    "digest": b"\x00\xff",
    "sizes": {UserId(UUID(int=6)): 7},
    "names": ["null", "5", "\u00e4"],
    "kept": frozenset({1, 2}),
}
ARGUMENTS: dict[type[Any], dict[str, Any]] = {
    SendMail: {"mail": a_mail()},
    SendPasswordReset: {"email": "ada@example.org", "host": "acme.localhost"},
    DiscardUploads: {"leftovers": [Leftover(UploadId(UUID(int=2))), Leftover(UploadId(UUID(int=3)), "parts")]},
    DiscardSite: {"site_id": SiteId(UUID(int=4))},
}


def kind_of(use_case: type[Any], *, is_sealed: bool = False) -> JobKind:
    return JobKind(use_case=use_case, queue=Queue.MAINTENANCE, is_sealed=is_sealed)


def stored(kind: JobKind, arguments: Mapping[str, Any], job_id: JobId = JOB, codec: MsgspecJobCodec = CODEC) -> Any:
    """As the row has it: through JSON."""
    return msgspec.json.decode(msgspec.json.encode(codec.write(kind, job_id, arguments)))


@pytest.mark.parametrize("is_sealed", [False, True])
def test_arguments_of_every_type_come_back_as_they_were(*, is_sealed: bool) -> None:
    kind = kind_of(Everything, is_sealed=is_sealed)
    assert CODEC.read(kind, JOB, stored(kind, EVERYTHING)) == EVERYTHING


@pytest.mark.parametrize("use_case", ARGUMENTS, ids=lambda one: one.__name__)
def test_those_of_our_jobs_come_back_as_they_were(use_case: type[Any]) -> None:
    kind = QUEUED.of(use_case)
    assert CODEC.read(kind, JOB, stored(kind, ARGUMENTS[use_case])) == ARGUMENTS[use_case]


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "nobody"},
        {"user": 5},
        {"at": "yesterday"},
        {"at": None},
        {"priority": "whatever"},
        {"dry_run": "true"},
        {"dry_run": 1},
        {"names": "null"},
        {"names": [5]},
        {"kept": ["1"]},
        {"sizes": {"nobody": 1}},
        {"unknown": 1},
        {"self": 1},
        {"return": None},
    ],
    ids=str,
)
def test_what_the_use_case_does_not_take_is_refused(wrong: dict[str, Any]) -> None:
    kind = kind_of(Everything)
    with pytest.raises(UnreadableJobError, match="the arguments of everything cannot be read"):
        CODEC.read(kind, JOB, stored(kind, EVERYTHING) | wrong)


def test_a_missing_argument_is_refused_and_one_that_has_a_default_is_not() -> None:
    kind, given = kind_of(Everything), stored(kind_of(Everything), EVERYTHING)
    del given["names"]
    assert "names" not in CODEC.read(kind, JOB, given)
    del given["user"]
    with pytest.raises(UnreadableJobError):
        CODEC.read(kind, JOB, given)


@pytest.mark.parametrize("wrong", [{"unknown": 1}, {"user": None, "unknown": 1}, {}])
def test_nothing_is_written_that_the_use_case_does_not_take(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        CODEC.write(kind_of(Everything), JOB, wrong)


@pytest.mark.parametrize("given", [{}, {"mail": {}}, {"sealed": None}, {"sealed": "k1.AAAA"}, {"sealed": 5}])
def test_what_is_not_sealed_is_not_read_where_it_should_be(given: dict[str, Any]) -> None:
    with pytest.raises(UnreadableJobError):
        CODEC.read(QUEUED.of(SendMail), JOB, given)


def test_sealed_arguments_are_no_other_jobs() -> None:
    kind = QUEUED.of(SendMail)
    with pytest.raises(UnreadableJobError):
        CODEC.read(kind, JobId(UUID(int=2)), stored(kind, ARGUMENTS[SendMail]))


def test_nothing_of_them_is_in_what_is_kept_nor_in_an_error() -> None:
    kind = kind_of(Everything, is_sealed=True)
    kept = stored(kind, EVERYTHING)
    assert list(kept) == ["sealed"]
    sealed = KeyringSealer(ring()).seal(b'{"priority": "a-secret"}', about=str(JOB))
    with pytest.raises(UnreadableJobError) as caught:
        CODEC.read(kind, JOB, {"sealed": sealed})
    assert "a-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_another_key_sealed_waits_for_whoever_has_it() -> None:
    kind, elsewhere = QUEUED.of(SendMail), MsgspecJobCodec(KeyringSealer(ring(jwk("EdDSA", "new"))))
    kept = stored(kind, ARGUMENTS[SendMail], codec=elsewhere)
    with pytest.raises(SealedElsewhereError, match="under the key new"):
        CODEC.read(kind, JOB, kept)


@dataclass(frozen=True)
class Made:
    file: UserId
    done: int


def test_a_result_is_kept_as_plain_values() -> None:
    assert CODEC.result(None) is None
    assert CODEC.result(Made(UserId(UUID(int=5)), 3)) == {"file": str(UUID(int=5)), "done": 3}
