"""How the history tells of the operator at the command line."""

import getpass

from application.shared.trail import Trail
from entrypoints.identifiers import new_id


def operator_label() -> str:
    return "operator:" + getpass.getuser().replace("\\", "/")


def operator_trail(label: str) -> Trail:
    return Trail(actor=None, actor_label=label, request_id=f"cli-{new_id()}")
