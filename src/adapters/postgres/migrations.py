"""The two Alembic histories, and the SQL they come to.

A migration names no schema and asks the database nothing: so its SQL is rendered once and replayed in
any number of schemas, each in one transaction whose search path is that schema alone.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import adapters.postgres.access.rows
import adapters.postgres.audit.rows
import adapters.postgres.backups.rows
import adapters.postgres.components
import adapters.postgres.files.rows
import adapters.postgres.identity.rows
import adapters.postgres.jobs.rows
import adapters.postgres.jobs.schedule_rows
import adapters.postgres.projects.rows
import adapters.postgres.tasks.rows
import adapters.postgres.tenancy.host_rows
import adapters.postgres.tenancy.rows
import adapters.postgres.tenancy.usage_rows  # noqa: F401  registers its rows
from adapters.postgres.tables import PLATFORM, SCOPE, TENANT

FOLDER: Final = Path(__file__).parents[3] / "migrations"


@dataclass(frozen=True)
class History:
    """One Alembic history: `name` is its folder, `schemas` what its tables declare as their schema."""

    name: str
    schemas: frozenset[str]

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @cached_property
    def head(self) -> str:
        return ScriptDirectory(str(self.folder)).get_current_head() or "base"

    @cached_property
    def whole(self) -> str:
        """From an empty schema to the newest revision."""
        return self.upgrade("base") if self.head != "base" else ""

    @lru_cache  # noqa: B019  the two histories live as long as the process
    def upgrade(self, start: str, end: str = "head") -> str:
        """SQL from one revision to another; it also records the revision in the schema."""
        return self._render(lambda config: command.upgrade(config, f"{start}:{end}", sql=True))

    def downgrade(self, start: str, end: str) -> str:
        return self._render(lambda config: command.downgrade(config, f"{start}:{end}", sql=True))

    @cached_property
    def revisions(self) -> frozenset[str]:
        scripts = ScriptDirectory(str(self.folder)).walk_revisions()
        return frozenset(script.revision for script in scripts)

    def config(self, output: io.StringIO | None = None) -> Config:
        config = Config(output_buffer=output) if output else Config()
        config.set_main_option("script_location", str(self.folder))
        config.set_main_option("path_separator", "os")
        config.attributes["history"] = self
        return config

    def _render(self, run: Callable[[Config], None]) -> str:
        output = io.StringIO()
        run(self.config(output))
        return output.getvalue()


PLATFORM_HISTORY: Final = History("platform", frozenset({PLATFORM, SCOPE}))
TENANT_HISTORY: Final = History("tenant", frozenset({TENANT, SCOPE}))
HISTORIES: Final = {history.name: history for history in (PLATFORM_HISTORY, TENANT_HISTORY)}
