"""The files that rows of the table are about."""

from typing import Any

from tests.http.uploading import begun, stored
from tests.http.who_may.scene import Headers, Makers, Scene


def file_makers(scene: Scene) -> Makers:
    """All are of an admin who is no caller: `file` in the project, `cellar` in a task of the hidden one, `loose` in
    nothing, `pending` not completed, `shredded` deleted.
    """
    stage, acme = scene.stage, scene.base

    async def made(base: str, by: Headers, **place: Any) -> str:
        return str((await stored(stage.world, stage.client, base, by, **place))["id"])

    async def in_project() -> str:
        return await made(acme, stage.adm, project=await scene.named("project"))

    async def in_a_hidden_task() -> str:
        return await made(acme, stage.adm, task=await scene.named("secret"))

    async def loose() -> str:
        return await made(acme, stage.adm)

    async def far() -> str:
        return await made(stage.world.host("other"), stage.other_adm)

    async def pending() -> str:
        return str((await begun(stage.client, acme, stage.adm, project=await scene.named("project")))["id"])

    async def shared() -> str:
        path = f"/api/files/{await scene.named('file')}/grants/"
        grant = await stage.in_acme("POST", path, user=await scene.named("user"), permissions=["view"])
        return str(grant["id"])

    async def shredded() -> str:
        file = await in_project()
        await stage.in_acme("DELETE", f"/api/files/{file}/")
        return file

    return {
        "file": in_project,
        "cellar": in_a_hidden_task,
        "loose": loose,
        "far": far,
        "pending": pending,
        "shared": shared,
        "shredded": shredded,
    }
