"""Settings from `TARUVI_*` and `.env`, read once and refused with every problem listed."""

import os
from collections.abc import Mapping
from typing import Any

import msgspec
from dotenv import dotenv_values

from entrypoints.settings import Settings
from entrypoints.settings_problems import settings_problems
from entrypoints.variables import PREFIX, is_setting, read, reason, unknown


class SettingsError(Exception):
    """Settings that cannot be used. `problems` has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment (default: the process's, over the `.env` of the working directory).

    An empty value counts as none. Raise `SettingsError` with everything that is wrong.
    """
    given = {key: value for key, value in (environ or _environment()).items() if is_setting(key) and value.strip()}
    fields = {PREFIX + field.name.upper(): field for field in msgspec.structs.fields(Settings)}
    problems = [unknown(key, list(fields)) for key in sorted(set(given) - set(fields))]
    values: dict[str, Any] = {}
    for key in fields.keys() & given.keys():
        try:
            values[fields[key].name] = read(given[key].strip(), fields[key].type)
        except (ValueError, RuntimeError) as error:
            problems.append(f"{key}={given[key]!r}: {reason(error)}")
    settings = Settings(**values)
    problems += settings_problems(settings)
    if problems:
        raise SettingsError(sorted(problems))
    return settings


def checked(settings: Settings) -> Settings:
    """The same, for settings that did not come from `load_settings` alone. Raise `SettingsError`."""
    if problems := list(settings_problems(settings)):
        raise SettingsError(problems)
    return settings


def _environment() -> dict[str, str]:
    try:
        from_file = {key: value or "" for key, value in dotenv_values(".env").items()}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f".env cannot be read: {error}"]) from error
    return from_file | dict(os.environ)
