import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.embedded.processes import STORE_OWNER, Owner, kill_server, kill_store

StartOwner = Callable[..., Owner]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may enter, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="taruvi-test-"))
    folder.chmod(0o755)
    yield folder
    kill_server(folder)
    kill_store(folder)
    shutil.rmtree(folder)


@pytest.fixture
def home(place: Path) -> Path:
    return place / ".taruvi"


@pytest.fixture
def start_owner(place: Path, tmp_path: Path) -> Iterator[StartOwner]:
    """Start processes that use a home; ends them with the test."""
    owners: list[Owner] = []

    def start(home: Path, *, user: str = "", prefix: tuple[str, ...] = ()) -> Owner:
        said = tmp_path / f"said-{len(owners)}"
        owners.append(Owner(home, said, user=user, prefix=prefix))
        return owners[-1]

    yield start
    for owner in owners:
        owner.kill()


@pytest.fixture
def start_store_owner(tmp_path: Path) -> Iterator[Callable[[Path, int], Owner]]:
    """Start processes that use the object store of a home; ends them with the test."""
    owners: list[Owner] = []

    def start(home: Path, port: int) -> Owner:
        owners.append(Owner(home, tmp_path / f"stored-{len(owners)}", str(port), script=STORE_OWNER))
        return owners[-1]

    yield start
    for owner in owners:
        owner.kill()


@pytest.fixture(scope="module")
def running_url() -> Iterator[str]:
    """One server for all the tests of a module that only look at it."""
    with (
        tempfile.TemporaryDirectory(prefix="taruvi-test-") as folder,
        EmbeddedPostgres(Path(folder, ".taruvi")) as url,
    ):
        yield url
