import click
from rich.table import Table

from application.shared.page import PageRequest
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.organization_views import OrganizationOrder, OrganizationQuery, OrganizationView
from application.tenancy.read_organizations import ListOrganizations, ShowOrganization
from domain.tenancy.plan import Plan
from entrypoints.cli.console import out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.settings import Settings

_ALL = 100
_SHOWN = (
    *("slug", "name", "description", "email", "website", "phone", "address"),
    *("plan", "is_active", "is_verified", "id"),
)


@click.group()
def organizations() -> None:
    """Create, list and show the organizations that own sites."""


@organizations.command()
@click.argument("slug")
@click.option("--name", help="Default: the slug.")
@click.option("--plan", type=click.Choice([plan.value for plan in Plan]), default=Plan.FREE.value, show_default=True)
@command
async def create(settings: Settings, slug: str, name: str | None, plan: str) -> None:
    """Create an organization.

    \b
    Example:
      taruvi organizations create acme --name "Acme Ltd" --plan basic
    """
    async with application(settings) as app, acting_in(app) as container:
        create_organization = await container.get(CreateOrganization)
        organization = await create_organization(name=name or slug, slug=slug, plan=Plan(plan))
    out.print(f"created {organization.slug}")


@organizations.command("list")
@command
async def list_(settings: Settings) -> None:
    """List all organizations."""
    table = Table("slug", "name", "plan", "active", "sites", "members", "owners", box=None, pad_edge=False)
    page = PageRequest(size=_ALL)
    async with application(settings) as app, acting_in(app) as container:
        list_organizations = await container.get(ListOrganizations)
        while (found := await list_organizations(_by_slug(page))).results:
            for one in found.results:
                active = "yes" if one.is_active else "no"
                table.add_row(one.slug, one.name, one.plan, active, *_numbers(one), str(one.owner_count))
            page = PageRequest(number=page.number + 1, size=_ALL)
    if table.row_count:
        out.print(table)
    else:
        out.print("there is no organization yet: taruvi organizations create --help")


@organizations.command()
@click.argument("slug")
@command
async def show(settings: Settings, slug: str) -> None:
    """Show one organization."""
    async with application(settings) as app, acting_in(app) as container:
        organization = await (await container.get(ShowOrganization))(slug=slug)
    sites, members = _numbers(organization)
    for name in _SHOWN:
        out.print(f"{name.replace('_', ' '):<14}{getattr(organization, name)}")
    out.print(f"{'sites':<14}{sites}")
    out.print(f"{'members':<14}{members}, {organization.owner_count} of them active owners")
    out.print(f"{'storage':<14}{organization.max_storage_bytes} bytes at most")
    out.print(f"{'created':<14}{organization.created_at.isoformat(timespec='seconds')}")


def _by_slug(page: PageRequest) -> OrganizationQuery:
    return OrganizationQuery(page=page, ordering=OrganizationOrder.SLUG)


def _numbers(one: OrganizationView) -> tuple[str, str]:
    """How many sites and members, and how many there may be."""
    return f"{one.site_count} of {one.max_sites}", f"{one.member_count} of {one.max_members}"
