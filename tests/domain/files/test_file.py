from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.files.file import File, FileChanges, FileQuarantinedError, FileStatus, NoSuchFileError
from domain.files.terms import FileRules, is_type_pattern
from domain.files.upload import NOWHERE, Draft, FileId, Place, Upload, UploadId, UploadTerms
from domain.shared.caller import UserId
from domain.shared.errors import InvalidError
from domain.shared.kinds import ProjectId, TaskId

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PROJECT, TASK = ProjectId(UUID(int=3)), TaskId(UUID(int=4))
TERMS = UploadTerms(content_type="text/plain", size=11, sha256=b"x" * 32)
RULES = FileRules(types=("text/*", "image/*", "application/pdf", "image/svg+xml"), largest=100)
UPLOAD = Upload(
    id=UploadId(UUID(int=1)),
    file_id=FileId(UUID(int=2)),
    terms=TERMS,
    handle=None,
    expires_at=LATER,
    draft=Draft(name="Plan.txt"),
    created_at=NOON,
    created_by=UserId(UUID(int=5)),
)
FILE = File.of(UPLOAD, at=LATER)


def test_begins_as_what_was_drafted_and_settled() -> None:
    assert (FILE.id, FILE.name, FILE.terms, FILE.upload_id) == (UPLOAD.file_id, "Plan.txt", TERMS, UPLOAD.id)
    assert (FILE.status, FILE.owner, FILE.created_at, FILE.updated_at) == (
        FileStatus.STORED,
        UPLOAD.created_by,
        NOON,
        LATER,
    )
    assert FILE.version == UPLOAD.version + 1
    with pytest.raises(NoSuchFileError):
        File.of(replace(UPLOAD, draft=None), at=LATER)


@pytest.mark.parametrize("name", ["", " ", ".", "..", " .. ", "a/b", "/", "a\\b", "a\0", "a\nb", "a\u2028b", "\ud800"])
def test_refuses_names_that_mean_more_than_a_name(name: str) -> None:
    with pytest.raises(InvalidError) as error:
        replace(FILE, name=name)
    assert error.value.details.keys() == {"name"}


@pytest.mark.parametrize("name", ["...", "a..b", ".env", "Maß & Zahl.pdf", "x" * 255, "家.txt", "%2e%2e", "a:b?c*"])
def test_takes_any_other_line(name: str) -> None:
    assert FILE.change(FileChanges(name=name), at=LATER).name == name


def test_a_name_has_255_characters_at_most() -> None:
    with pytest.raises(InvalidError):
        replace(FILE, name="x" * 256)


def test_lies_in_one_place_at_most() -> None:
    with pytest.raises(InvalidError):
        Place(project=PROJECT, task=TASK)
    with pytest.raises(InvalidError):
        FILE.change(FileChanges(project=PROJECT, task=TASK), at=LATER)


def test_to_name_one_place_is_to_leave_the_other() -> None:
    in_project = FILE.change(FileChanges(project=PROJECT), at=LATER)
    in_task = in_project.change(FileChanges(task=TASK), at=LATER)
    assert (in_project.project, in_task.project, in_task.task) == (PROJECT, None, TASK)
    assert in_task.change(FileChanges(project=None), at=LATER).place == Place(task=TASK)
    assert in_task.change(FileChanges(task=None), at=LATER).place == NOWHERE
    assert in_task.change(FileChanges(name="Other"), at=LATER).place == Place(task=TASK)
    assert in_task.change(FileChanges(project=PROJECT, task=None), at=LATER).place == Place(project=PROJECT)


def test_every_change_is_a_version() -> None:
    assert FILE.change(FileChanges(), at=LATER).version == FILE.version + 1
    assert FILE.quarantine(at=LATER).version == FILE.version + 1


def test_nothing_replaces_what_is_in_quarantine() -> None:
    kept = FILE.quarantine(at=LATER)
    with pytest.raises(FileQuarantinedError):
        kept.replaced_by(UPLOAD, at=LATER)
    with pytest.raises(FileQuarantinedError):
        kept.require_open()
    assert kept.release(at=LATER).status is FileStatus.STORED
    with pytest.raises(InvalidError):
        replace(FILE, status=FileStatus.PENDING)


def test_a_newer_upload_keeps_whose_draft_it_is() -> None:
    newer = replace(UPLOAD, id=UploadId(UUID(int=9)), draft=None, created_by=UserId(UUID(int=8)), created_at=LATER)
    followed = UPLOAD.superseded_by(newer)
    assert (followed.id, followed.draft, followed.created_by, followed.version) == (
        newer.id,
        UPLOAD.draft,
        UPLOAD.created_by,
        2,
    )
    assert replace(UPLOAD, draft=None).superseded_by(newer).created_by == newer.created_by


@pytest.mark.parametrize("kind", ["text/plain", "Image/PNG", " application/pdf ", "image/svg+xml", "text/csv"])
def test_takes_what_is_named_or_meant_by_a_star(kind: str) -> None:
    terms = RULES.terms(content_type=kind, size=100, sha256=b"x" * 32)
    assert terms.content_type == kind.strip().lower()


@pytest.mark.parametrize(
    "kind",
    [
        *("text/html", "text/javascript", "text/xml", "image/x+xml", "application/json", "audio/ogg", "text", "text/"),
        *("text/plain; charset=utf-8", "text/plain\n", "*/*", "text/*", "", "text/plain/x", "tëxt/plain"),
    ],
)
def test_a_star_means_nothing_that_browsers_run(kind: str) -> None:
    with pytest.raises(InvalidError) as error:
        RULES.terms(content_type=kind, size=0, sha256=b"x" * 32)
    assert error.value.details.keys() == {"content_type"}


def test_names_all_that_is_wrong_with_the_terms() -> None:
    with pytest.raises(InvalidError) as error:
        RULES.terms(content_type="text/html", size=101, sha256=b"short")
    assert error.value.details.keys() == {"content_type", "size", "sha256"}
    with pytest.raises(InvalidError):
        RULES.terms(content_type="text/plain", size=-1, sha256=b"x" * 32)


def test_tells_patterns_of_types() -> None:
    assert all(map(is_type_pattern, ("image/*", "application/vnd.ms-excel", "image/svg+xml")))
    assert not any(map(is_type_pattern, ("*/*", "image", "Image/png", "image/png;q=1", "image/**", "")))
