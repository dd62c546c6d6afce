from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED
from msgspec import UNSET

from application.backups.ask_for_backup import AskForBackup
from application.backups.ask_for_copy import AskForCopy
from application.backups.ask_for_restore import AskForRestore, AskForUnarchive
from application.backups.asking import Asked
from application.jobs.views import JobView
from domain.backups.backup import BackupId, BackupKind
from domain.jobs.job import JobId
from entrypoints.http.answers import LOCATION, answers
from entrypoints.http.backups_wire import CloneSiteRequest, RestoreSiteRequest
from entrypoints.http.guards import platform_user
from entrypoints.http.job_answers import JobAnswer
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.wire import StrictJson


class SiteMoveController(Controller):
    """What is done with all that a site has: each by a job, whose place the answer tells."""

    path = "/api/sites/{slug:str}"
    tags = ("Backups",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @post("/backup", status_code=HTTP_202_ACCEPTED, response_headers=[LOCATION], responses=answers(422))
    @inject
    async def back_up_site(
        self, slug: FromPath[str], ask: FromDishka[AskForBackup], answer: FromDishka[JobAnswer]
    ) -> JsonResponse[JobView]:
        """Take a backup of a site: its schema, at one instant, and its files. The site goes on. For owners."""
        return await answer(_job(await ask(slug=slug, kind=BackupKind.BACKUP)))

    @post("/archive", status_code=HTTP_202_ACCEPTED, response_headers=[LOCATION], responses=answers(422))
    @inject
    async def archive_site(
        self, slug: FromPath[str], ask: FromDishka[AskForBackup], answer: FromDishka[JobAnswer]
    ) -> JsonResponse[JobView]:
        """Put a site away: its hosts answer 503, its data is in the object store alone, until it is unarchived."""
        return await answer(_job(await ask(slug=slug, kind=BackupKind.ARCHIVE)))

    @post("/unarchive", status_code=HTTP_202_ACCEPTED, response_headers=[LOCATION], responses=answers(422))
    @inject
    async def unarchive_site(
        self, slug: FromPath[str], ask: FromDishka[AskForUnarchive], answer: FromDishka[JobAnswer]
    ) -> JsonResponse[JobView]:
        """Have an archived site come back as it was."""
        return await answer(_job(await ask(slug=slug)))

    @post("/export", status_code=HTTP_202_ACCEPTED, response_headers=[LOCATION], responses=answers(422))
    @inject
    async def export_site(
        self, slug: FromPath[str], ask: FromDishka[AskForBackup], answer: FromDishka[JobAnswer]
    ) -> JsonResponse[JobView]:
        """Write all that a site has into a zip: JSON Lines for each table, without secrets, and the files.

        It is among the backups then, and can be downloaded for a week.
        """
        return await answer(_job(await ask(slug=slug, kind=BackupKind.EXPORT)))

    @post(
        "/restore",
        dto=StrictJson[RestoreSiteRequest],
        return_dto=None,
        status_code=HTTP_202_ACCEPTED,
        response_headers=[LOCATION],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def restore_site(
        self,
        slug: FromPath[str],
        data: JSONBody[RestoreSiteRequest],
        ask: FromDishka[AskForRestore],
        ask_for_copy: FromDishka[AskForCopy],
        answer: FromDishka[JobAnswer],
    ) -> JsonResponse[JobView]:
        """Bring a backup back: into the site, whose data is backed up and replaced, or as a new site.

        Whoever was signed in signs in anew. A backup of an older release is migrated forward.
        """
        backup_id = BackupId(data.backup)
        if data.slug is UNSET:
            return await answer(_job(await ask(slug=slug, backup_id=backup_id, confirm=data.confirm)))
        name = data.slug if data.name is UNSET else data.name
        asked = await ask_for_copy(slug=slug, new_slug=data.slug, name=name, role=data.role, backup_id=backup_id)
        return await answer(_job(asked))

    @post(
        "/clone",
        dto=StrictJson[CloneSiteRequest],
        return_dto=None,
        status_code=HTTP_202_ACCEPTED,
        response_headers=[LOCATION],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def clone_site(
        self,
        slug: FromPath[str],
        data: JSONBody[CloneSiteRequest],
        ask: FromDishka[AskForCopy],
        answer: FromDishka[JobAnswer],
    ) -> JsonResponse[JobView]:
        """Make a new site of the same organization with all that this one has now. It takes a place of the plan.

        Whoever may enter the one may enter the other; nobody is signed in there.
        """
        return await answer(_job(await ask(slug=slug, new_slug=data.slug, name=data.name, role=data.role)))


def _job(asked: Asked) -> JobId:
    if asked.job_id is None:
        raise LookupError("over HTTP everything is done by a job")
    return asked.job_id
