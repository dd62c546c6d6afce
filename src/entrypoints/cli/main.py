"""`taruvi`: the command line. Commands are imported when they are called, so each starts quickly."""

import os
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Final, NoReturn

import click

from entrypoints.cli.console import UserError, err
from entrypoints.cli.signals import stop_on_signals
from entrypoints.environment import SettingsError

_COMMANDS: Final = {
    "dev": ("dev", "Run everything on this machine, with demo data."),
    "serve": ("serve", "Serve HTTP."),
    "worker": ("worker", "Run jobs in the background."),
    "migrate": ("migrate", "Bring the platform and every site to the newest revision."),
    "new-migration": ("migrate", "Write the next migration from what the rows say."),
    "sites": ("sites", "Create, list, suspend, rename, back up, restore, archive, clone and delete sites."),
    "domains": ("domains", "List, add, verify and remove the custom domains of sites."),
    "files": ("files", "Sweep what uploads and deletions left; keep a file in quarantine."),
    "organizations": ("organizations", "Create, list and show the organizations that own sites."),
    "users": ("users", "Create administrators; list, show, deactivate and activate users, set their passwords."),
    "jobs": ("jobs", "List, show, retry and cancel what is done in the background."),
    "schedules": ("schedules", "Have jobs run at times: list, show, create, change, run and delete schedules."),
    "scheduler": ("scheduler", "Fire what is due."),
    "history": ("history", "Prune the history of changes."),
    "mail": ("mail", "Read the mails that were written to files."),
    "keys": ("keys", "Make signing keys."),
    "openapi": ("openapi", "Write or check the OpenAPI document."),
    "doctor": ("doctor", "Check settings and every component, and say what to do."),
}


class LazyGroup(click.Group):
    """Knows every command's name and help without importing what it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"entrypoints.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("taruvi"), prog_name="taruvi")
def taruvi() -> None:
    """The multi-tenant platform under a B2B SaaS product.

    Settings are TARUVI_* variables or lines of .env (docs/settings.md); `taruvi doctor` checks them.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line (default: that of the process); ends with `SystemExit` unless all went well."""
    stop_on_signals()
    try:
        taruvi(args, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        err.print("stopped")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at exit
        sys.exit(1)
    except SettingsError as error:
        problems = "".join(f"\n  · {problem}" for problem in error.problems)
        _fail(f"the settings cannot be used{problems}", 2)
    except UserError as error:
        _fail(str(error), error.exit_code)


def _fail(message: str, exit_code: int) -> NoReturn:
    err.print("error: ", style="bold red", end="")
    err.print(message)
    sys.exit(exit_code)
