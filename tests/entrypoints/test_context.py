from domain.identity.session import Client
from entrypoints.http.context import RequestContext


def test_what_is_started_begins_once_the_answer_is_out() -> None:
    context = RequestContext("a-request", Client(address="", user_agent=""), "http://localhost", "/")
    begun: list[int] = []
    context.when_answered(lambda: begun.append(1))
    assert begun == []
    context.answered()
    assert begun == [1]
    context.when_answered(lambda: begun.append(2))
    context.answered()
    assert begun == [1, 2]
