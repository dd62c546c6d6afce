from pathlib import Path

import click
import msgspec

from entrypoints.cli.console import UserError, out
from entrypoints.cli.run import problems_told
from entrypoints.http.app import routed
from entrypoints.http.docs.document import JSON, rendered
from entrypoints.settings import Settings


@click.command()
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it there, not to the screen.")
@click.option(
    "--check", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Fail if this file is not it."
)
def openapi(output: Path | None, check: Path | None) -> None:
    """Print the OpenAPI document; it depends on the code alone, not on settings.

    \b
    Examples:
      taruvi openapi --output docs/openapi.json
      taruvi openapi --check docs/openapi.json
    """
    if output and check:
        raise UserError("--output and --check exclude each other", exit_code=2)
    with problems_told():
        _deliver(_document(), output, check)


def _deliver(text: str, output: Path | None, check: Path | None) -> None:
    if check:
        if check.read_text(encoding="utf-8") != text:
            raise UserError(f"{check} is not what the code says: run `just openapi`")
        out.print(f"{check} is what the code says")
    elif output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
        out.print(f"wrote {output}")
    else:
        click.echo(text, nl=False)


def _document() -> str:
    document = rendered(routed(Settings().max_body_bytes), JSON)
    return msgspec.json.format(document.body, indent=2).decode() + "\n"
