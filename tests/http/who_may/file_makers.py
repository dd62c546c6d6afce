"""The files that rows of the table are about."""

from typing import Any

from tests.http.uploading import begun, stored
from tests.http.who_may.scene import Headers, Makers, Scene


def file_makers(scene: Scene) -> Makers:
    """`file` is in the project, `paper` in the hidden one; `draft` is pending, and an admin's who is no caller."""
    stage, acme = scene.stage, scene.base

    async def made(base: str, by: Headers, **place: Any) -> str:
        return str((await stored(stage.world, stage.client, base, by, **place))["id"])

    async def in_project() -> str:
        return await made(acme, stage.adm, project=await scene.named("project"))

    async def in_hidden() -> str:
        return await made(acme, stage.adm, project=await scene.named("hidden"))

    async def afar() -> str:
        return await made(stage.world.host("other"), stage.other_adm)

    async def draft() -> str:
        return str((await begun(stage.client, acme, stage.adm, project=await scene.named("project")))["id"])

    async def borrowed() -> str:
        path = f"/api/files/{await scene.named('file')}/grants/"
        grant = await stage.in_acme("POST", path, user=await scene.named("user"), permissions=["view"])
        return str(grant["id"])

    async def shredded() -> str:
        file = await in_project()
        await stage.in_acme("DELETE", f"/api/files/{file}/")
        return file

    return {
        "file": in_project,
        "paper": in_hidden,
        "afar": afar,
        "draft": draft,
        "borrowed": borrowed,
        "shredded": shredded,
    }
