"""Run as a script: use the home argv[1] until standard input ends, as the user argv[2] if given."""

import os
import pwd
import sys
from pathlib import Path

from adapters.embedded.postgres import EmbeddedPostgres, EmbeddedPostgresError


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def become(name: str) -> None:
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def main(home: str, *user: str) -> None:
    for name in user:
        become(name)
    try:
        with EmbeddedPostgres(Path(home), report=say) as url:
            say(f"url {url}")
            sys.stdin.read()
    except EmbeddedPostgresError as error:
        say(f"error {error}")
    except KeyboardInterrupt:
        say("interrupted")
    say("left")


if __name__ == "__main__":
    main(*sys.argv[1:])
