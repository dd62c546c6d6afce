import click

from application.identity.create_admin import CreateAdmin
from entrypoints.cli.console import out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.settings import Settings


@click.group()
def users() -> None:
    """Create administrators."""


@users.command("create-admin")
@click.option("--site", help="Slug of the site; without it, of the platform.")
@click.option("--username", prompt=True)
@click.option("--email", prompt=True)
@click.password_option(envvar="TARUVI_ADMIN_PASSWORD", help="Asked for if it is left out.")
@command
async def create_admin(settings: Settings, site: str | None, username: str, email: str, password: str) -> None:
    """Create a user who may do everything on the platform, or in one site.

    The password can come from TARUVI_ADMIN_PASSWORD too, where nobody sees it in a list of processes.

    \b
    Example:
      taruvi users create-admin --site acme --username ada --email ada@example.org
    """
    async with application(settings) as app, acting_in(app, site) as container:
        create = await container.get(CreateAdmin)
        user = await create(username=username, email=email, password=password)
    out.print(f"created the admin {user.username} of {site or 'the platform'}")
