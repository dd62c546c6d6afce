from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.projects.project import LONGEST_DESCRIPTION, Project, ProjectChanges, ProjectId, ProjectStatus
from domain.shared.caller import UserId
from domain.shared.errors import InvalidError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ADA = UserId(UUID(int=1))
BOB = UserId(UUID(int=2))


def a_project(**fields: object) -> Project:
    project = Project(
        id=ProjectId(UUID(int=9)),
        name="Moon",
        description="Far",
        status=ProjectStatus.ACTIVE,
        owner=ADA,
        created_at=NOON,
        updated_at=NOON,
        created_by=ADA,
    )
    return replace(project, **fields)  # type: ignore[arg-type]  # a builder takes any field


def test_a_change_leaves_the_rest_alone() -> None:
    changed = a_project().change(ProjectChanges(status=ProjectStatus.COMPLETED), at=LATER)

    assert changed == a_project(status=ProjectStatus.COMPLETED, updated_at=LATER, version=2)


def test_every_field_can_be_changed() -> None:
    changes = ProjectChanges(name="Mars", description="", status=ProjectStatus.ARCHIVED, owner=BOB)

    changed = a_project().change(changes, at=LATER)

    assert (changed.name, changed.description, changed.status, changed.owner) == (
        "Mars",
        "",
        ProjectStatus.ARCHIVED,
        BOB,
    )


def test_tells_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        a_project(name=" ", description="x" * (LONGEST_DESCRIPTION + 1))

    assert refused.value.details.keys() == {"name", "description"}


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\0b", "\ud800"])
def test_refuses_a_bad_name(name: str) -> None:
    with pytest.raises(InvalidError):
        a_project(name=name)


@pytest.mark.parametrize("name", ["x", "x" * 200, "Größe – 規模 🚀"])
def test_takes_a_good_name(name: str) -> None:
    assert a_project(name=name).name == name


def test_a_description_may_have_lines_but_no_nul() -> None:
    assert a_project(description="one\ttwo\r\nthree").description
    with pytest.raises(InvalidError):
        a_project(description="one\0two")
