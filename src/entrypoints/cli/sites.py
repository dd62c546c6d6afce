from dataclasses import asdict, replace

import click
from rich.table import Table

from application.shared.page import PageRequest
from application.tenancy.change_site import ChangeSite
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_site import DeleteSite
from application.tenancy.read_sites import ListSites, ShowSite, ShowSiteUsage
from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from application.tenancy.views import SiteQuery, SiteView
from domain.shared.changes import UNCHANGED
from domain.tenancy.site import SiteChanges, SiteRole
from entrypoints.cli.console import UserError, out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command, command_on_files
from entrypoints.cli.site_backups import COMMANDS
from entrypoints.settings import Settings

_ALL = 100
_ROLES = [role.value for role in SiteRole]


@click.group(commands=COMMANDS)
def sites() -> None:
    """Create, list, show, change, suspend, resume, rename, measure, back up and delete sites."""


@sites.command()
@click.argument("slug")
@click.option("--organization", required=True, help="Slug of the owning organization.")
@click.option("--name", help="Default: the slug.")
@click.option("--description", default="", help="For people.")
@click.option("--role", type=click.Choice(_ROLES), default=SiteRole.PRODUCTION.value, show_default=True)
@command
async def create(
    settings: Settings,
    *,
    slug: str,
    organization: str,
    name: str | None,
    description: str,
    role: str,
) -> None:
    """Create a site: its schema is complete when this returns.

    \b
    Example:
      taruvi sites create acme-berlin --organization acme --name "Acme Berlin"
    """
    async with application(settings) as app, acting_in(app) as container:
        site = await (await container.get(CreateSite))(
            organization=organization,
            name=name or slug,
            slug=slug,
            description=description,
            role=SiteRole(role),
        )
    out.print(f"created {site.slug.value}: http://{slug}.{settings.base_domains[0]}:{settings.port}/")
    out.print(f"next: taruvi users create-admin --site {slug}")


@sites.command("list")
@click.option("--organization", help="Slug of the owning organization; default: all.")
@command
async def list_(settings: Settings, organization: str | None) -> None:
    """List sites."""
    table = Table("slug", "name", "organization", "role", "status", "primary", box=None, pad_edge=False)
    query = SiteQuery(page=PageRequest(size=_ALL), organization=organization)
    async with application(settings) as app, acting_in(app) as container:
        list_sites = await container.get(ListSites)
        while (found := await list_sites(query)).results:
            for site in found.results:
                primary = "primary" if site.is_primary else ""
                table.add_row(site.slug, site.name, site.organization, site.role, site.status, primary)
            query = replace(query, page=PageRequest(number=query.page.number + 1, size=_ALL))
    if table.row_count:
        out.print(table)
    else:
        out.print("there is no site yet: taruvi sites create --help")


@sites.command()
@click.argument("slug")
@command
async def show(settings: Settings, slug: str) -> None:
    """Show one site."""
    async with application(settings) as app, acting_in(app) as container:
        _print(await (await container.get(ShowSite))(slug=slug))


@sites.command()
@click.argument("slug")
@click.option("--name", help="For people.")
@click.option("--description", help="For people.")
@click.option("--role", type=click.Choice(_ROLES))
@click.option("--primary", is_flag=True, help="Make it its organization's primary site; the one that was is no more.")
@command
async def update(
    settings: Settings,
    *,
    slug: str,
    name: str | None,
    description: str | None,
    role: str | None,
    primary: bool,
) -> None:
    """Change what is given; the rest stays.

    \b
    Example:
      taruvi sites update acme-berlin --name "Acme Berlin-Mitte" --primary
    """
    changes = SiteChanges(
        name=UNCHANGED if name is None else name,
        description=UNCHANGED if description is None else description,
        role=UNCHANGED if role is None else SiteRole(role),
        is_primary=primary or UNCHANGED,
    )
    if changes == SiteChanges():
        raise UserError("nothing to change: taruvi sites update --help", exit_code=2)
    async with application(settings) as app, acting_in(app) as container:
        await (await container.get(ChangeSite))(slug=slug, changes=changes, seen=None)
    out.print(f"updated {slug}")


@sites.command()
@click.argument("slug")
@command
async def usage(settings: Settings, slug: str) -> None:
    """Show what one site takes."""
    async with application(settings) as app, acting_in(app) as container:
        used = await (await container.get(ShowSiteUsage))(slug=slug)
    files = {"files": used.files.count, "file_bytes": used.files.bytes}
    numbers = {**asdict(used.rows), **files, "bytes": used.bytes, "max_storage": used.max_storage_bytes}
    for name, number in numbers.items():
        out.print(f"{name:<14}{number}")


@sites.command()
@click.argument("slug")
@command
async def suspend(settings: Settings, slug: str) -> None:
    """Close a site for a while: its hosts answer 503 within 5 seconds."""
    async with application(settings) as app, acting_in(app) as container:
        await (await container.get(SuspendSite))(slug=slug, seen=None)
    out.print(f"suspended {slug}")


@sites.command()
@click.argument("slug")
@command
async def resume(settings: Settings, slug: str) -> None:
    """Open a suspended site again."""
    async with application(settings) as app, acting_in(app) as container:
        await (await container.get(ResumeSite))(slug=slug, seen=None)
    out.print(f"resumed {slug}")


@sites.command()
@click.argument("slug")
@click.argument("new_slug")
@command
async def rename(settings: Settings, slug: str, new_slug: str) -> None:
    """Give a site another slug, host and schema."""
    async with application(settings) as app, acting_in(app) as container:
        await (await container.get(RenameSite))(slug=slug, new_slug=new_slug, seen=None)
    out.print(f"renamed {slug} to {new_slug}")


@sites.command()
@click.argument("slug")
@click.option("--confirm", help="The slug once more; asked for if it is left out.")
@command_on_files
async def delete(settings: Settings, slug: str, confirm: str | None) -> None:
    """Destroy a site and all its data.

    \b
    Example, without a question:
      taruvi sites delete acme-berlin --confirm acme-berlin
    """
    async with application(settings) as app, acting_in(app) as container:
        site = await (await container.get(ShowSite))(slug=slug)
        if confirm is None:
            confirm = click.prompt(f"this destroys all data of {site.name!r}; type {slug!r}")
        if confirm != slug:
            raise UserError(f"not deleted: {confirm!r} is not {slug!r}")
        await (await container.get(DeleteSite))(slug=slug, confirm=confirm, seen=None)
    out.print(f"deleted {slug}; a job is queued that discards the bytes of its files")


def _print(site: SiteView) -> None:
    for name in ("slug", "name", "description", "organization", "role", "status", "is_primary", "id"):
        out.print(f"{name:<14}{getattr(site, name)}")
    out.print(f"{'created':<14}{site.created_at.isoformat(timespec='seconds')}")
