"""Run as a script: use the store of the home argv[1], from port argv[2] on, until standard input ends."""

import sys
from pathlib import Path

from adapters.embedded.storage import EmbeddedStorage, EmbeddedStorageError


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(home: str, port: str) -> None:
    try:
        with EmbeddedStorage(Path(home), port=int(port), report=say) as url:
            say(f"url {url}")
            sys.stdin.read()
    except EmbeddedStorageError as error:
        say(f"error {error}")
    except KeyboardInterrupt:
        say("interrupted")
    say("left")


if __name__ == "__main__":
    main(*sys.argv[1:])
