from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, bindparam, func, or_, select

from adapters.postgres.access.viewable import viewable
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.rows import TaskRow
from application.access.grant_views import SEES_ALL, Viewer
from application.projects.ports import ProjectReader
from application.projects.views import ProjectOrder, ProjectQuery, ProjectView
from application.shared.page import Page
from domain.projects.project import PROJECTS, ProjectId, ProjectStatus

_COLUMNS: Final = (
    ProjectRow.id,
    ProjectRow.name,
    ProjectRow.description,
    ProjectRow.status,
    ProjectRow.owner_id,
    ProjectRow.created_at,
    ProjectRow.updated_at,
    ProjectRow.created_by,
    ProjectRow.version,
)


def _counted(projects: FromClause) -> tuple[ColumnElement[Any], ...]:
    """The columns of a view, from projects as they are stored: the tasks of each are counted."""
    count = select(func.count()).where(TaskRow.project_id == projects.c.id).correlate(projects).scalar_subquery()
    stored = [projects.c[column.key] for column in _COLUMNS]
    return (*stored[:5], count, *stored[5:])


_FILTERS: Final = {
    "status": ProjectRow.status == bindparam("status"),
    "owner": ProjectRow.owner_id == bindparam("owner"),
    "created_from": ProjectRow.created_at >= bindparam("created_from"),
    "created_until": ProjectRow.created_at <= bindparam("created_until"),
    "search": or_(
        ProjectRow.name.ilike(bindparam("search")),
        ProjectRow.description.ilike(bindparam("search")),
    ),
    "viewer": viewable(PROJECTS, ProjectRow),
}
_STATUSES: Final = {status.value: status for status in ProjectStatus}
_BY_KEY: Final = select(*_counted(ProjectRow.__table__)).where(ProjectRow.id == bindparam("key"))
_ANY: Final = Sql(_BY_KEY)
_VIEWABLE: Final = Sql(_BY_KEY.where(viewable(PROJECTS, ProjectRow)))


class PostgresProjectReader(ProjectReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: ProjectQuery, viewer: Viewer) -> Page[ProjectView]:
        values = _values(query, viewer)
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, **values)

    async def get(self, project_id: ProjectId, viewer: Viewer) -> ProjectView:
        if viewer is SEES_ALL:
            record = await self._session.fetchrow(_ANY, key=project_id)
        else:
            record = await self._session.fetchrow(_VIEWABLE, key=project_id, viewer=viewer)
        if record is None:
            raise PROJECTS.not_found(project_id)
        return _to_view(tuple(record))


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: ProjectOrder) -> PageSql:
    column = getattr(ProjectRow, ordering.value.removeprefix("-"))
    keys = (column, ProjectRow.id)
    down = ordering.value.startswith("-")

    def shown(page: Subquery) -> Select[*tuple[Any, ...]]:
        """The tasks are counted for the page alone, not for the projects before it."""
        ordered = [page.c[key.key].desc() if down else page.c[key.key].asc() for key in keys]
        return select(page.c.of_all, *_counted(page)).order_by(*ordered)

    return PageSql(
        _COLUMNS,
        [_FILTERS[name] for name in filters],
        [key.desc() if down else key.asc() for key in keys],
        shown,
    )


def _values(query: ProjectQuery, viewer: Viewer) -> dict[str, Any]:
    given = {
        "status": query.status,
        "owner": query.owner,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
        "viewer": None if viewer is SEES_ALL else viewer,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> ProjectView:
    project = ProjectView(*columns)
    project.status = _STATUSES[project.status]
    return project
