"""Large files pass this process by: what it signs and checks does not grow with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MIB = 1 << 20
SIZE = 200_000_000
ROOT = Path(__file__).parents[2]


@pytest.mark.storage
@pytest.mark.parametrize("part_bytes", [64 * MIB, 256 * MIB], ids=["in parts", "in one request"])
def test_200_mb_go_through_in_little_memory(storage_url: str, part_bytes: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.s3.settling", storage_url, str(part_bytes), str(SIZE)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
    )
    assert int(done.stdout) < 40_000_000
