"""Whether what came as JSON is what a use case takes."""

from collections.abc import Mapping, Sequence
from inspect import Parameter, signature
from typing import Any, get_type_hints

import msgspec

from application.jobs.kinds import JobKind
from application.jobs.schedules.ports import ArgumentCheck


class MsgspecArgumentCheck(ArgumentCheck):
    """By the signature and the type hints of the use case."""

    def __call__(self, kind: JobKind, arguments: Mapping[str, Any]) -> Sequence[str]:
        hints = get_type_hints(kind.use_case.__call__)
        taken = {name: one for name, one in signature(kind.use_case.__call__).parameters.items() if name != "self"}
        needed = [name for name, one in taken.items() if one.default is Parameter.empty]
        problems = [f"{name}: {kind.name} has no such argument" for name in arguments if name not in taken]
        problems += [f"{name}: is required" for name in needed if name not in arguments]
        for name in taken.keys() & arguments.keys():
            try:
                msgspec.convert(arguments[name], hints[name], strict=False)
            except msgspec.ValidationError as error:
                problems.append(f"{name}: {error}")
        return sorted(problems)
