"""The use cases of backups, and what they are told by the settings."""

from datetime import timedelta
from importlib.metadata import version

from dishka import Provider, WithParents, provide, provide_all
from dishka import Scope as Lifetime

from adapters.manifests.codec import JsonManifestCodec
from application.backups.archive_site import ArchiveSite, SchemaDropping
from application.backups.ask_for_backup import AskForBackup
from application.backups.ask_for_copy import AskForCopy
from application.backups.ask_for_restore import AskForRestore, AskForUnarchive
from application.backups.askers_right import AskersRight
from application.backups.asking import BackupChoosing, BackupOpening, BackupPolicy, SitePlacing
from application.backups.back_up_site import BackUpSite
from application.backups.back_up_sites import BackUpSites
from application.backups.clone_site import CloneSite
from application.backups.discard_backup import DiscardBackup
from application.backups.dump_reading import DumpReading
from application.backups.dump_writing import DumpWriting
from application.backups.expire_backups import ExpireBackups
from application.backups.export_site import ExportSite
from application.backups.export_writing import ExportWriting
from application.backups.file_collecting import FileCollecting
from application.backups.file_keeping import FileKeeping
from application.backups.job_steps import JobSteps
from application.backups.read_backups import DownloadExport, ListBackups, ShowBackup
from application.backups.replacing import SchemaReplacing
from application.backups.restore_site import RestoreSite
from application.backups.restoring import Rebuilding
from application.backups.settle_backups import SettleBackups
from application.backups.site_closing import SiteClosing
from application.backups.taking import BackupEnding, BackupTaking, Release
from entrypoints.settings import Settings


class BackupUseCases(Provider):
    scope = Lifetime.REQUEST
    codec = provide(WithParents[JsonManifestCodec], scope=Lifetime.APP)
    pieces = provide_all(
        DumpWriting,
        DumpReading,
        FileKeeping,
        FileCollecting,
        BackupEnding,
        BackupTaking,
        BackupOpening,
        BackupChoosing,
        SitePlacing,
        SiteClosing,
        AskersRight,
        JobSteps,
        SchemaDropping,
        SchemaReplacing,
        Rebuilding,
        ExportWriting,
    )
    asked = provide_all(
        AskForBackup,
        AskForRestore,
        AskForUnarchive,
        AskForCopy,
        ListBackups,
        ShowBackup,
        DownloadExport,
        DiscardBackup,
    )
    done = provide_all(
        BackUpSite, BackUpSites, ArchiveSite, RestoreSite, CloneSite, ExportSite, ExpireBackups, SettleBackups
    )

    @provide(scope=Lifetime.APP)
    def policy(self, settings: Settings) -> BackupPolicy:
        return BackupPolicy(
            keep=timedelta(days=settings.backup_days),
            newest=settings.backup_newest,
            export=timedelta(days=settings.export_days),
        )

    @provide(scope=Lifetime.APP)
    def release(self) -> Release:
        return Release(version("taruvi"))
