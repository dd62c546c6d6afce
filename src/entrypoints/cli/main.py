"""`taruvi`: the command line. Commands are imported when they are called, so each starts quickly."""

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Final

import click

from entrypoints.cli.console import UserError, err
from entrypoints.settings import SettingsError

_COMMANDS: Final = {
    "dev": ("dev", "Run everything on this machine, with demo data."),
    "serve": ("serve", "Serve HTTP."),
    "migrate": ("migrate", "Bring the platform and every site to the newest revision."),
    "new-migration": ("migrate", "Write the next migration from what the rows say."),
    "sites": ("sites", "Create, list, show, suspend, resume, rename and delete sites."),
    "organizations": ("organizations", "Create the organizations that own sites."),
    "users": ("users", "Create administrators."),
    "keys": ("keys", "Make signing keys."),
    "openapi": ("openapi", "Write or check the OpenAPI document."),
    "doctor": ("doctor", "Check settings and every component, and say what to do."),
}


class LazyGroup(click.Group):
    """Knows every command's name and help without importing what it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"entrypoints.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("taruvi"), prog_name="taruvi")
def taruvi() -> None:
    """The multi-tenant platform under a B2B SaaS product.

    Settings are TARUVI_* variables or lines of .env (docs/settings.md); `taruvi doctor` checks them.
    """


def main() -> None:
    try:
        taruvi(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        err.print("stopped")
        sys.exit(130)
    except SettingsError as error:
        err.print("[bold red]error:[/] the settings cannot be used")
        for problem in error.problems:
            err.print(f"  · {problem}", markup=False)
        sys.exit(2)
    except UserError as error:
        err.print("[bold red]error:[/] ", end="")
        err.print(str(error), markup=False)
        sys.exit(error.exit_code)
