import asyncpg

from domain.files.file import File, FileStatus
from domain.files.upload import Draft, FileId, Place, Upload, UploadId, UploadTerms
from domain.shared.caller import UserId


def file_row(file: File) -> dict[str, object]:
    return {
        "id": file.id,
        "name": file.name,
        **_terms_row(file.terms),
        "status": file.status.value,
        "upload_id": file.upload_id,
        "owner_id": file.owner,
        "project_id": file.project,
        "task_id": file.task,
        "created_at": file.created_at,
        "updated_at": file.updated_at,
        "created_by": file.created_by,
        "version": file.version,
    }


def to_file(record: asyncpg.Record) -> File:
    return File(
        id=FileId(record["id"]),
        name=record["name"],
        terms=_to_terms(record),
        status=FileStatus(record["status"]),
        upload_id=UploadId(record["upload_id"]),
        owner=UserId(record["owner_id"]),
        place=_to_place(record),
        created_at=record["created_at"],
        updated_at=record["updated_at"],
        created_by=record["created_by"],
        version=record["version"],
    )


def upload_row(upload: Upload) -> dict[str, object]:
    draft = upload.draft
    return {
        "id": upload.file_id,
        "upload_id": upload.id,
        "name": draft.name if draft else None,
        **_terms_row(upload.terms),
        "handle": upload.handle,
        "project_id": draft.place.project if draft else None,
        "task_id": draft.place.task if draft else None,
        "expires_at": upload.expires_at,
        "created_at": upload.created_at,
        "created_by": upload.created_by,
        "version": upload.version,
    }


def to_upload(record: asyncpg.Record) -> Upload:
    name = record["name"]
    return Upload(
        id=UploadId(record["upload_id"]),
        file_id=FileId(record["id"]),
        terms=_to_terms(record),
        handle=record["handle"],
        expires_at=record["expires_at"],
        draft=None if name is None else Draft(name=name, place=_to_place(record)),
        created_at=record["created_at"],
        created_by=UserId(record["created_by"]),
        version=record["version"],
    )


def _terms_row(terms: UploadTerms) -> dict[str, object]:
    return {"content_type": terms.content_type, "size": terms.size, "sha256": terms.sha256}


def _to_terms(record: asyncpg.Record) -> UploadTerms:
    return UploadTerms(content_type=record["content_type"], size=record["size"], sha256=record["sha256"])


def _to_place(record: asyncpg.Record) -> Place:
    return Place(project=record["project_id"], task=record["task_id"])
