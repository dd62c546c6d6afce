from litestar import Router
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler


class Unrouted(Router):
    """A router that takes handlers and routes none of them.

    Litestar adds documentation routes of its own whenever there is an `OpenAPIConfig`, and has no
    setting against it. With this as `openapi_router` there is `app.openapi_schema` and no route.
    """

    def __init__(self) -> None:
        super().__init__(path="/", route_handlers=())

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:  # noqa: ARG002 - this ignores it
        return []
