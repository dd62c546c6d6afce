import click

from application.tenancy.create_organization import CreateOrganization
from domain.tenancy.plan import Plan
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
@click.option("--plan", type=click.Choice(list(Plan)), default=Plan.FREE, show_default=True)
@command
async def create(settings: Settings, slug: str, name: str | None, plan: Plan) -> None:
    """Create an organization.

    \b
    Example:
      taruvi organizations create acme --name "Acme Ltd" --plan basic
    """
    async with application(settings) as app, acting_in(app) as container:
        organization = await (await container.get(CreateOrganization))(name=name or slug, slug=slug, plan=plan)
    out.print(f"created {organization.slug}")
