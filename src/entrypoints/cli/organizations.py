import click

from application.tenancy.create_organization import CreateOrganization
from entrypoints.cli.console import out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.settings import Settings


@click.group()
def organizations() -> None:
    """Create the organizations that own sites."""


@organizations.command()
@click.argument("slug")
@click.option("--name", help="Default: the slug.")
@command
async def create(settings: Settings, slug: str, name: str | None) -> None:
    """Create an organization.

    \b
    Example:
      taruvi organizations create acme --name "Acme Ltd"
    """
    async with application(settings) as app, acting_in(app) as container:
        organization = await (await container.get(CreateOrganization))(name=name or slug, slug=slug)
    out.print(f"created {organization.slug}")
