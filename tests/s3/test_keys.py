from uuid import UUID

import pytest

from adapters.s3.keys import object_key, read_site, read_upload, site_prefix
from domain.files.upload import UploadId
from domain.tenancy.site import SiteId

SITE = SiteId(UUID("01890000-0000-7000-8000-000000000001"))
UPLOAD = UploadId(UUID("01890000-0000-7000-8000-00000000000a"))


def test_a_key_begins_with_the_site_and_is_of_ids_alone() -> None:
    assert object_key(SITE, "incoming", UPLOAD) == f"{SITE}/incoming/{UPLOAD}"
    assert object_key(SITE, "files", UPLOAD).startswith(site_prefix(SITE))


@pytest.mark.parametrize("id_", ["../x", "", "a/b", f"{UPLOAD}/.."])
def test_no_key_is_made_of_what_is_no_id(id_: str) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        object_key(SITE, "files", id_)  # type: ignore[arg-type]  # what a defect might hand over
    with pytest.raises(ValueError, match="badly formed"):
        object_key(id_, "files", UPLOAD)  # type: ignore[arg-type]  # the same


def test_a_key_is_read_back() -> None:
    assert read_upload(object_key(SITE, "files", UPLOAD)) == UPLOAD
    assert read_site(object_key(SITE, "files", UPLOAD)) == SITE
    assert read_site(site_prefix(SITE)) == SITE


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "taruvi-doctor-00", str(SITE), f"{SITE}/files/", f"{SITE}/files/x", f"{SITE}/other/{UPLOAD}"),
        *(f"{SITE.hex}/files/{UPLOAD}", f"{SITE}/files/{UPLOAD.hex}", f"x/{SITE}/files/{UPLOAD}"),
    ],
)
def test_what_is_not_ours_is_none(key: str) -> None:
    assert read_upload(key) is None
