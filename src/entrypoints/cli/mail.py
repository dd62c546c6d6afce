from email.message import EmailMessage

import click

from adapters.mail.files import find_mail, newest_mails, read_mail, text_of
from entrypoints.addresses import mail_folder_of
from entrypoints.cli.console import UserError, out
from entrypoints.environment import load_settings
from entrypoints.settings import Settings


@click.group()
def mail() -> None:
    """Read the mails that were written to files, as without TARUVI_MAIL_URL they are."""


@mail.command("list")
@click.option("-n", "--number", type=click.IntRange(1, 1000), default=20, show_default=True)
def list_mails(number: int) -> None:
    """List the newest mails, the newest first.

    \b
    Example:
      taruvi mail list -n 5
    """
    lines = mail_lines(load_settings(), number)
    for line in lines or ["no mails"]:
        out.print(line)


@mail.command()
@click.argument("beginning", default="", metavar="[ID]")
@click.option("--source", is_flag=True, help="The whole message as it would be sent.")
def show(beginning: str, source: bool) -> None:
    """Show a mail by its id, or the beginning of it; without one, the newest.

    \b
    Example:
      taruvi mail show
    """
    found = find_mail(mail_folder_of(load_settings()), beginning)
    if found is None:
        raise UserError("there is no such mail; `taruvi mail list` shows what there is")
    if source:
        click.echo(found.read_bytes(), nl=False)
        return
    message = read_mail(found)
    for name in ("From", "To", "Subject", "Date"):
        out.print(f"{name}: {message[name]}")
    out.print(f"\n{text_of(message)}", end="")


def mail_lines(settings: Settings, number: int) -> list[str]:
    """One line for each of the newest mails in the folder."""
    return [_line(key, message) for key, message in newest_mails(mail_folder_of(settings), number)]


def _line(key: str, message: EmailMessage) -> str:
    at = message["Date"].datetime
    return f"{key}  {at:%Y-%m-%d %H:%M}  {message['To']}  {message['Subject']}"
