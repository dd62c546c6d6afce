import pytest

pytestmark = pytest.mark.postgres
