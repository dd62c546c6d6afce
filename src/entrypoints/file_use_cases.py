"""The use cases of files, and what they are told by the settings."""

from datetime import timedelta

from dishka import Provider, provide, provide_all
from dishka import Scope as Lifetime

from application.files.begin_file import BeginFile
from application.files.change_file import ChangeFile
from application.files.complete_file import CompleteFile
from application.files.delete_file import DeleteFile
from application.files.discard_uploads import DiscardUploads
from application.files.download_file import DownloadFile
from application.files.file_place import FilePlace
from application.files.file_standing import FileStanding
from application.files.placed_files import PlacedFiles
from application.files.ports import FileLifetimes
from application.files.quarantine_file import QuarantineFile
from application.files.read_files import ListFiles, ShowFile
from application.files.replace_file import ReplaceFile
from application.files.sweep_files import SweepFiles
from application.files.sweep_sites import DiscardSite, SweepSites
from application.files.upload_signing import UploadSigning
from domain.files.terms import FileRules
from entrypoints.settings import Settings


class FileUseCases(Provider):
    scope = Lifetime.REQUEST
    files = provide_all(
        FilePlace,
        FileStanding,
        PlacedFiles,
        UploadSigning,
        BeginFile,
        ReplaceFile,
        CompleteFile,
        ChangeFile,
        DeleteFile,
        ListFiles,
        ShowFile,
        DownloadFile,
        QuarantineFile,
        DiscardUploads,
        SweepFiles,
        SweepSites,
        DiscardSite,
    )

    @provide(scope=Lifetime.APP)
    def file_rules(self, settings: Settings) -> FileRules:
        return FileRules(types=settings.file_types, largest=settings.file_bytes)

    @provide(scope=Lifetime.APP)
    def file_lifetimes(self, settings: Settings) -> FileLifetimes:
        return FileLifetimes(
            upload=timedelta(seconds=settings.upload_seconds), download=timedelta(seconds=settings.download_seconds)
        )
