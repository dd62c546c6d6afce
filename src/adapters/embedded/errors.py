class EmbeddedError(Exception):
    """Its message is shown to the user as it is: what happened, why, and what to do."""


class EmbeddedPostgresError(EmbeddedError): ...


class EmbeddedStorageError(EmbeddedError): ...
