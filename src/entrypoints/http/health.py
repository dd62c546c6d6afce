from dataclasses import dataclass
from typing import Final, Literal, Protocol

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from entrypoints.http.json_response import JsonResponse

_DISPENSABLE: Final = frozenset(("storage", "broker"))
"""Without them most requests are served as ever: no reason to take every process out of service at once."""


class Readiness(Protocol):
    """Asks every component whether it works; an empty text means that it does."""

    async def __call__(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Health:
    """`components` has each part the service needs, with `ok` or what is wrong.

    `degraded`: what most requests need works; without `storage`, files are answered with 503; without `broker`, work
    in the background waits until it is back.
    """

    status: Literal["ok", "degraded", "unavailable"]
    components: dict[str, str]


class HealthController(Controller):
    """For load balancers: on every host, without a token."""

    path = "/health"
    tags = ("Health",)

    @get("/live")
    async def live(self) -> Health:
        """The process answers."""
        return Health("ok", {})

    @get(
        ["/", "/ready"],
        responses={
            HTTP_503_SERVICE_UNAVAILABLE: ResponseSpec(
                Health, generate_examples=False, description="A component does not work that every request needs."
            )
        },
    )
    @inject
    async def ready(self, readiness: FromDishka[Readiness]) -> JsonResponse[Health]:
        """Requests can be served: every component works, or all but the storage of files and the broker of jobs do."""
        problems = await readiness()
        components = {name: problem or "ok" for name, problem in problems.items()}
        if any(problem for name, problem in problems.items() if name not in _DISPENSABLE):
            return JsonResponse(Health("unavailable", components), status_code=HTTP_503_SERVICE_UNAVAILABLE)
        status: Literal["ok", "degraded"] = "degraded" if any(problems.values()) else "ok"
        return JsonResponse(Health(status, components), status_code=HTTP_200_OK)
