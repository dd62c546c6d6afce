import click

from adapters.crypto.keyring import generate_jwks


@click.group()
def keys() -> None:
    """Make signing keys."""


@keys.command()
def new() -> None:
    """Print a private JWK Set with one new Ed25519 key, for TARUVI_SIGNING_KEYS or a file.

    To rotate, put the new key first in the set and keep the old one for as long as refresh tokens live.

    \b
    Example:
      (umask 077; taruvi keys new > signing-keys.json)
    """
    click.echo(generate_jwks())
