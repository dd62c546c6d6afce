import pytest

from adapters.s3.address import S3Address, address_problems, read_address

PLAIN = S3Address(
    bucket="files.example",
    key_id="",
    secret="",
    region="eu-central-1",
    endpoint="",
    addressing="auto",
    encryption="",
    kms_key="",
    prefix="",
)


def test_reads_a_bucket_of_amazons_own_credentials() -> None:
    assert read_address("s3://files.example?region=eu-central-1") == PLAIN


def test_reads_everything() -> None:
    found = read_address(
        "s3://A%2FB:s%2Fe%40c@files-1?region=x-1&endpoint=https://s3.example.com:9000/&addressing=path"
        "&encryption=aws:kms&kms_key=arn:aws:kms:eu:1:key/2&prefix=staging/files"
    )
    assert found == S3Address(
        bucket="files-1",
        key_id="A/B",
        secret="s/e@c",
        region="x-1",
        endpoint="https://s3.example.com:9000",
        addressing="path",
        encryption="aws:kms",
        kms_key="arn:aws:kms:eu:1:key/2",
        prefix="staging/files/",
    )
    assert "s/e@c" not in repr(found)


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ("Files?region=x", "must name a bucket"),
        ("fi?region=x", "must name a bucket"),
        ("?region=x", "must name a bucket"),
        ("files:80?region=x", "must name a bucket"),
        ("files/folder?region=x", "must name a bucket"),
        ("files", "needs region"),
        ("files?region=", "needs region"),
        ("files?region=EU", "region must be"),
        ("key@files?region=x", "only one of key and secret"),
        ("key:se/cret@files?region=x", "is no address|must name a bucket"),
        ("files?region=x&endpoint=s3.example.com", "endpoint must be"),
        ("files?region=x&endpoint=https://", "endpoint must be"),
        ("files?region=x&endpoint=https://s3.example.com/path", "endpoint must be"),
        ("files?region=x&endpoint=https://s3.example.com:x", "endpoint must be"),
        ("files?region=x&addressing=host", "addressing must be"),
        ("files?region=x&encryption=none", "encryption must be"),
        ("files?region=x&kms_key=1", "kms_key needs"),
        ("files?region=x&prefix=../other", "prefix must be"),
        ("files?region=x&prefix=/a", "prefix must be"),
        ("files?region=x&prefix=a//b", "prefix must be"),
        ("files?region=x&regin=y", "no option 'regin'"),
        ("files?region=x&region=y", "an option twice"),
        ("files?region", "is no address"),
    ],
)
def test_refuses(rest: str, problem: str) -> None:
    found = list(address_problems(f"s3://{rest}"))
    assert found
    with pytest.raises(ValueError, match=problem):
        read_address(f"s3://{rest}")


def test_everything_wrong_is_told_and_nothing_of_the_secret() -> None:
    found = list(address_problems("s3://key:hidden-secret@Files?addressing=x&encryption=y&prefix=.."))
    assert len(found) == 5
    assert "hidden" not in "".join(found)
    assert list(address_problems("https://key:hidden@files")) == ["must begin with s3://"]
