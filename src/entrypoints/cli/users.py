import click
from rich.table import Table

from application.identity.change_user import ChangeUser
from application.identity.create_admin import CreateAdmin
from application.identity.read_users import FindUser, ListUsers
from application.identity.user_views import UserQuery, UserView
from application.shared.page import PageRequest
from domain.identity.user import UserChanges
from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged
from entrypoints.cli.console import out
from entrypoints.cli.operator import acting_in, application
from entrypoints.cli.run import command
from entrypoints.settings import Settings

_ALL = 100
_site = click.option("--site", help="Slug of the site; without it, of the platform.")
_login = click.argument("login", metavar="USERNAME_OR_EMAIL")


@click.group()
def users() -> None:
    """Create administrators; list, show, deactivate and activate users, set their passwords."""


@users.command("create-admin")
@_site
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


@users.command("list")
@_site
@command
async def list_(settings: Settings, site: str | None) -> None:
    """List the users of the platform, or of one site."""
    table = Table("username", "email", "active", "admin", "last login", box=None, pad_edge=False)
    page = PageRequest(size=_ALL)
    async with application(settings) as app, acting_in(app, site) as container:
        list_users = await container.get(ListUsers)
        while (found := await list_users(UserQuery(page=page))).results:
            for user in found.results:
                table.add_row(user.username, user.email, _told(user.is_active), _told(user.is_admin), _last_login(user))
            page = PageRequest(number=page.number + 1, size=_ALL)
    if table.row_count:
        out.print(table)
    else:
        out.print("there is no user yet: taruvi users create-admin --help")


@users.command()
@_login
@_site
@command
async def show(settings: Settings, login: str, site: str | None) -> None:
    """Show one user."""
    async with application(settings) as app, acting_in(app, site) as container:
        user = await (await container.get(FindUser))(login=login)
    for name in ("username", "email", "first_name", "last_name", "id"):
        out.print(f"{name.replace('_', ' '):<14}{getattr(user, name)}")
    out.print(f"{'active':<14}{_told(user.is_active)}")
    out.print(f"{'admin':<14}{_told(user.is_admin)}")
    out.print(f"{'groups':<14}{', '.join(group.name for group in user.groups)}")
    out.print(f"{'created':<14}{user.created_at.isoformat(timespec='seconds')}")
    out.print(f"{'last login':<14}{_last_login(user)}")


@users.command()
@_login
@_site
@command
async def deactivate(settings: Settings, login: str, site: str | None) -> None:
    """Lock a user out: all their sessions end within 5 seconds."""
    user = await _change(settings, site, login, UserChanges(is_active=False))
    out.print(f"deactivated {user.username}")


@users.command()
@_login
@_site
@command
async def activate(settings: Settings, login: str, site: str | None) -> None:
    """Let a deactivated user sign in again."""
    user = await _change(settings, site, login, UserChanges(is_active=True))
    out.print(f"activated {user.username}")


@users.command("set-password")
@_login
@_site
@click.password_option(envvar="TARUVI_USER_PASSWORD", help="Asked for if it is left out.")
@command
async def set_password(settings: Settings, login: str, site: str | None, password: str) -> None:
    """Give a user another password: all their sessions end within 5 seconds.

    The password can come from TARUVI_USER_PASSWORD too, where nobody sees it in a list of processes.

    \b
    Example:
      taruvi users set-password ada --site acme
    """
    user = await _change(settings, site, login, UserChanges(), password)
    out.print(f"set the password of {user.username}")


async def _change(
    settings: Settings, site: str | None, login: str, changes: UserChanges, password: str | Unchanged = UNCHANGED
) -> UserView:
    async with application(settings) as app, acting_in(app, site) as container:
        user = await (await container.get(FindUser))(login=login)
        change = await container.get(ChangeUser)
        return await change(user_id=UserId(user.id), changes=changes, password=password, seen=None)


def _told(value: bool) -> str:
    return "yes" if value else "no"


def _last_login(user: UserView) -> str:
    return user.last_login_at.isoformat(timespec="seconds") if user.last_login_at else "never"
