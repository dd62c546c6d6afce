"""The one bucket, reached by the one client that a process has."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from adapters.s3.address import S3Address
from adapters.s3.cloudfront import Distribution
from adapters.s3.errors import outage, reached
from application.files.store import FileStoreUnavailableError

_CONNECTIONS: Final = 20
_CONNECT_SECONDS: Final = 3
_READ_SECONDS: Final = 10
_ATTEMPTS: Final = 3
_PROBE_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """`client` is aioboto3's for S3. `part_bytes`: what goes in one request at most, 5 MiB to 5 GiB.

    `distribution` serves downloads, where there is one before the bucket. Keys are given without the prefix of this
    deployment.
    """

    client: Any
    name: str
    prefix: str
    encryption: Mapping[str, str]
    part_bytes: int
    distribution: Distribution | None

    def at(self, key: str) -> dict[str, str]:
        """The parameters that name an object."""
        return {"Bucket": self.name, "Key": f"{self.prefix}{key}"}

    async def problem(self) -> str:
        """Why it cannot be used now; empty if it is there and open to us."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                with reached():
                    await self.client.head_bucket(Bucket=self.name)
        except FileStoreUnavailableError as error:
            return f"cannot be reached: {outage(error.__cause__ or error)}"
        except (ClientError, TimeoutError) as error:
            return f"cannot be reached: {outage(error)}"
        return ""

    async def pages(self, operation: str, **parameters: Any) -> AsyncIterator[Mapping[str, Any]]:
        with reached():
            async for page in self.client.get_paginator(operation).paginate(Bucket=self.name, **parameters):
                yield page


@asynccontextmanager
async def open_bucket(
    address: S3Address, *, part_bytes: int, distribution: Distribution | None = None
) -> AsyncIterator[Bucket]:
    """For as long as the process lives. Nothing is sent before it is used."""
    import aioboto3  # noqa: PLC0415  takes half a second, and most commands do without it
    from botocore.config import Config  # noqa: PLC0415  the same

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": _addressing(address)},
        max_pool_connections=_CONNECTIONS,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        proxies={} if address.is_local else None,
    )
    session = aioboto3.Session(
        aws_access_key_id=address.key_id or None,
        aws_secret_access_key=address.secret or None,
        region_name=address.region,
    )
    async with session.client("s3", endpoint_url=address.endpoint or None, config=config) as client:
        yield Bucket(
            client=client,
            name=address.bucket,
            prefix=address.prefix,
            encryption=_encryption(address),
            part_bytes=part_bytes,
            distribution=distribution,
        )


def _addressing(address: S3Address) -> str:
    """Amazon's buckets by their own name, in their region: left to choose, the library signs for another host."""
    is_amazons = not address.endpoint and "." not in address.bucket
    return "virtual" if address.addressing == "auto" and is_amazons else address.addressing


def _encryption(address: S3Address) -> dict[str, str]:
    if not address.encryption:
        return {}
    key = {"SSEKMSKeyId": address.kms_key} if address.kms_key else {}
    return {"ServerSideEncryption": address.encryption, **key}
