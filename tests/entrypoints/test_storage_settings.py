"""The settings for a CloudFront distribution, and the container with a real bucket and one."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.s3.file_store import S3FileStore
from adapters.s3.site_stores import S3SiteStores
from application.files.store import FileStore, FileStoreUnavailableError, SiteStores
from entrypoints.environment import SettingsError, load_settings
from entrypoints.stores.storage import distribution_of
from tests.depots import PART_BYTES, a_scope, an_upload, soon, terms_of
from tests.world import memory_world, postgres_world

FRONT = "https://d111.cloudfront.net"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SOUND = {"URL": FRONT, "KEY_ID": "K1", "PRIVATE_KEY": pem(RSA)}


def environ(**changes: str) -> dict[str, str]:
    return {f"TARUVI_CLOUDFRONT_{name}": value for name, value in (SOUND | changes).items() if value}


def test_a_distribution_is_read_from_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(SOUND["PRIVATE_KEY"])
    one_line = SOUND["PRIVATE_KEY"].replace("\n", "\\n")
    for changes in ({}, {"PRIVATE_KEY": one_line}, {"PRIVATE_KEY": "", "PRIVATE_KEY_FILE": str(file)}):
        found = distribution_of(load_settings(environ(**changes)))
        assert found is not None
        assert (found.url, found.key_id) == (FRONT, "K1")
        assert found.private_key.private_numbers() == RSA.private_numbers()
    assert distribution_of(load_settings({"PATH": "/bin"})) is None


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"URL": ""}, ["URL: is needed"]),
        ({"KEY_ID": ""}, ["KEY_ID: is needed"]),
        ({"PRIVATE_KEY": ""}, ["PRIVATE_KEY or _PRIVATE_KEY_FILE: is needed"]),
        ({"URL": "", "KEY_ID": ""}, ["KEY_ID: is needed", "URL: is needed"]),
        ({"URL": "http://d111.cloudfront.net"}, ["URL: must be https://"]),
        ({"URL": f"{FRONT}/files"}, ["URL: must be https://"]),
        ({"URL": f"{FRONT}:x"}, ["URL: must be https://"]),
        ({"PRIVATE_KEY": "x", "KEY_ID": ""}, ["KEY_ID: is needed", "PRIVATE_KEY: is no private key"]),
        ({"PRIVATE_KEY": pem(ec.generate_private_key(ec.SECP256R1()))}, ["PRIVATE_KEY: is not an RSA key"]),
        ({"PRIVATE_KEY_FILE": "/nowhere"}, ["PRIVATE_KEY and TARUVI_CLOUDFRONT_PRIVATE_KEY_FILE: give one"]),
        ({"PRIVATE_KEY": "", "PRIVATE_KEY_FILE": "/nowhere"}, ["PRIVATE_KEY_FILE: /nowhere cannot be read"]),
    ],
)
def test_every_problem_of_a_distribution_is_told(changes: dict[str, str], problems: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ(**changes))
    told = caught.value.problems
    assert len(told) == len(problems)
    for line, expected in zip(told, problems, strict=True):
        assert line.startswith(f"TARUVI_CLOUDFRONT_{expected}")
    assert "BEGIN" not in "".join(told)


@pytest.mark.postgres
@pytest.mark.storage
async def test_the_application_has_a_real_bucket_by_one_client(database_url: str, storage_url: str) -> None:
    async with postgres_world(database_url, storage_url=storage_url) as world:
        clients = []
        for _ in range(2):
            async with world.acting(a_scope()) as container:
                files = await container.get(FileStore)
                assert isinstance(files, S3FileStore)
                clients.append(files.bucket.client)
                large = terms_of(bytes(PART_BYTES))
                upload = await files.sign_upload(an_upload(), large, until=soon())
                assert len(upload.parts) == 1
        assert clients[0] is clients[1]
        sites = await world.container.get(SiteStores)
        assert isinstance(sites, S3SiteStores)


async def test_the_application_in_memory_has_its_files_there() -> None:
    async with memory_world() as world, world.acting(a_scope()) as container:
        files = await container.get(FileStore)
        await files.discard(an_upload(), None)
        world.objects.is_down = True
        with pytest.raises(FileStoreUnavailableError):
            await files.discard(an_upload(), None)
