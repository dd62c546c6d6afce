from tests.http.who_may.document import document

print(document())  # noqa: T201  this is its output
