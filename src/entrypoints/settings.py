"""One typed object of all settings. How it is read and refused: `entrypoints.environment`."""

from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from entrypoints.file_types import DEFAULT_TYPES

DEVELOPMENT_KEY: Final = "dev-"
"""How the `kid` of every key begins that `taruvi dev` made."""

Port = Annotated[int, Meta(ge=1, le=65535)]
Few = Annotated[int, Meta(ge=1, le=10_000)]


class Settings(Struct, frozen=True, kw_only=True):
    """Each field is the variable `TARUVI_<FIELD>`; docs/settings.md tells them all."""

    environment: Literal["development", "production"] = "development"
    home: Path = Path(".taruvi")
    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Annotated[int, Meta(ge=1, le=128)] = 1
    base_domains: tuple[str, ...] = ("localhost", "127.0.0.1.nip.io")
    trusted_proxies: tuple[str, ...] = ()
    dns_resolvers: tuple[str, ...] = ()
    tls_check_callers: tuple[str, ...] = ()
    database_url: str = ""
    database_pool_size: Annotated[int, Meta(ge=2, le=500)] = 8
    database_statements: Annotated[int, Meta(ge=0, le=100_000)] = 1000
    database_direct_url: str = ""
    pg_tools: str = ""
    backup_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    backup_newest: Annotated[int, Meta(ge=0, le=1000)] = 3
    export_days: Annotated[int, Meta(ge=1, le=365)] = 7
    cache_url: str = ""
    storage_url: str = ""
    storage_port: Port = 9070
    storage_part_bytes: Annotated[int, Meta(ge=5 << 20, le=5 << 30)] = 64 << 20
    cloudfront_url: str = ""
    cloudfront_key_id: str = ""
    cloudfront_private_key: str = ""
    cloudfront_private_key_file: str = ""
    broker_url: str = ""
    broker_prefix: str = "taruvi"
    sqs_visibility_seconds: Annotated[int, Meta(ge=5, le=43_200)] = 30
    sqs_wait_seconds: Annotated[int, Meta(ge=1, le=20)] = 5
    mail_url: str = ""
    mail_from: str = ""
    public_url: str = ""
    signing_keys: str = ""
    signing_keys_file: str = ""
    issuer: Annotated[str, Meta(min_length=1)] = "taruvi"
    access_token_seconds: Annotated[int, Meta(ge=10, le=86_400)] = 900
    refresh_token_seconds: Annotated[int, Meta(ge=60, le=31_536_000)] = 604_800
    refresh_grace_seconds: Annotated[int, Meta(ge=0, le=60)] = 10
    impersonation_seconds: Annotated[int, Meta(ge=60, le=3600)] = 1800
    token_leeway_seconds: Annotated[int, Meta(ge=0, le=60)] = 2
    access_check_seconds: Annotated[float, Meta(ge=0, le=5)] = 2.0
    password_threads: Annotated[int, Meta(ge=1, le=64)] = 1
    password_memory_kib: Annotated[int, Meta(ge=19_456)] = 19_456
    password_passes: Annotated[int, Meta(ge=2, le=20)] = 2
    login_limit_account_and_address: Few = 10
    login_limit_account: Few = 50
    login_limit_address: Few = 100
    file_types: tuple[str, ...] = DEFAULT_TYPES
    file_bytes: Annotated[int, Meta(ge=1, le=5 << 40)] = 5 << 30
    upload_seconds: Annotated[int, Meta(ge=60, le=604_800)] = 10_800
    download_seconds: Annotated[int, Meta(ge=10, le=3600)] = 300
    invitation_retention_days: Annotated[int, Meta(ge=1, le=3650)] = 90
    job_retention_days: Annotated[int, Meta(ge=1, le=3650)] = 14
    dead_job_retention_days: Annotated[int, Meta(ge=1, le=3650)] = 90
    history_retention_days: Annotated[int, Meta(ge=30, le=36_500)] | None = None
    worker_concurrency: Annotated[int, Meta(ge=1, le=256)] = 8
    worker_grace_seconds: Annotated[int, Meta(ge=0, le=3600)] = 25
    job_lease_seconds: Annotated[int, Meta(ge=3, le=3600)] = 30
    jobs_window: Annotated[int, Meta(ge=1, le=10_000)] = 100
    jobs_per_site: Annotated[int, Meta(ge=1, le=10_000)] = 10
    jobs_in_process: bool = False
    max_body_bytes: Annotated[int, Meta(ge=1024, le=1 << 30)] = 1 << 20
    log_format: Literal["json", "pretty", ""] = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def logs_pretty(self) -> bool:
        return (self.log_format or ("json" if self.is_production else "pretty")) == "pretty"
