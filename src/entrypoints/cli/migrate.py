import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapters.postgres.fleet import Fleet, SiteResult, SiteRevision
from adapters.postgres.migrations import HISTORIES, PLATFORM_HISTORY, TENANT_HISTORY
from adapters.postgres.pool import open_pool
from entrypoints.cli.console import UserError, err, out
from entrypoints.cli.run import command
from entrypoints.cli.trail import operator_label, operator_trail
from entrypoints.settings import Settings


@click.command()
@click.option("--site", help="Migrate this site alone (and `public` before it).")
@click.option("--all", "all_", is_flag=True, help="Migrate every site; this is the default.")
@click.option("--plan", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--check", is_flag=True, help="Do nothing; exit with 1 if anything is behind.")
@click.option(
    "--connections", type=click.IntRange(1, 100), default=4, show_default=True, help="How many sites at once."
)
@command
async def migrate(
    settings: Settings, *, site: str | None, all_: bool, plan: bool, check: bool, connections: int
) -> None:
    """Bring `public` and every site to the newest revision.

    Each site is migrated in a transaction of its own, the first one alone as a canary. A failing site
    is listed and leaves the others alone; run it again to go on with what is left. Requests are served
    meanwhile.

    \b
    Examples:
      taruvi migrate --plan
      taruvi migrate --site acme
      taruvi migrate --check          # in a pipeline: fails if anything is behind
    """
    if site and all_:
        raise UserError("--site and --all exclude each other", exit_code=2)
    pool = await open_pool(
        settings.database_url, size=max(2, connections), statements=100, name="taruvi migrate", patient=True
    )
    try:
        trail = operator_trail(operator_label())
        fleet = Fleet(pool, PLATFORM_HISTORY, TENANT_HISTORY, trail)
        if plan or check:
            await _compare(fleet, site, must_be_current=check)
        else:
            await run_migrations(fleet, site, connections=connections)
    finally:
        await pool.close()


async def run_migrations(fleet: Fleet, site: str | None = None, *, connections: int = 4) -> None:
    """Migrate with a progress bar; raise `UserError` if any site failed."""
    if await fleet.migrate_platform():
        out.print(f"public: now at {PLATFORM_HISTORY.head}")
    behind = fleet.behind(await _sites(fleet, site))
    results: list[SiteResult] = []
    with _progress(disable=not behind) as progress:
        task = progress.add_task("migrating sites", total=len(behind))

        def report(result: SiteResult) -> None:
            results.append(result)
            progress.advance(task)

        await fleet.migrate(behind, connections=connections, report=report)
    _tell(behind, results)


def _tell(behind: list[SiteRevision], results: list[SiteResult]) -> None:
    failed = [result for result in results if result.error]
    done = len(results) - len(failed)
    if not behind:
        out.print(f"every site is at {TENANT_HISTORY.head}")
    else:
        out.print(f"{done} of {len(behind)} sites migrated to {TENANT_HISTORY.head}")
    for result in failed:
        err.print(f"failed {result.site.slug}: {result.error}", style="red")
    if failed:
        untouched = len(behind) - len(results)
        rest = f", {untouched} not touched because the first one failed" if untouched else ""
        raise UserError(f"{len(failed)} sites failed{rest}; run it again when they are mended")


async def _compare(fleet: Fleet, site: str | None, *, must_be_current: bool) -> None:
    revision = await fleet.platform_revision()
    table = Table("schema", "is at", "goes to", box=None, pad_edge=False)
    if revision != PLATFORM_HISTORY.head:
        table.add_row("public", revision, PLATFORM_HISTORY.head)
    if revision == "base" and site:
        raise UserError(f"there is no site {site!r}: the database was never migrated")
    sites = await _sites(fleet, site) if revision != "base" else []
    for one in fleet.behind(sites):
        table.add_row(one.slug, one.revision, TENANT_HISTORY.head)
    if not table.row_count:
        out.print(f"public and {len(sites)} sites are up to date")
        return
    out.print(table)
    if must_be_current:
        raise UserError(f"{table.row_count} schemas are behind: run `taruvi migrate`")


async def _sites(fleet: Fleet, slug: str | None) -> list[SiteRevision]:
    sites = await fleet.sites(slug)
    if slug and not sites:
        raise UserError(f"there is no site {slug!r}")
    return sites


def _progress(*, disable: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=err, transient=True, disable=disable)


@click.command("new-migration")
@click.argument("history", type=click.Choice(sorted(HISTORIES)))
@click.argument("message")
@command
async def new_migration(settings: Settings, history: str, message: str) -> None:
    """Write the next migration of HISTORY from what the rows say; read it before you commit it.

    \b
    Example:
      taruvi new-migration tenant "add estimate to projects"
    """
    from adapters.postgres import autogenerate  # noqa: PLC0415  developers only: it needs more imports

    path = await autogenerate.new_migration(settings.database_url, HISTORIES[history], message)
    out.print(f"wrote {path}" if path else f"nothing to do: the {history} history is what the rows say")
