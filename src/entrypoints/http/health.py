from dataclasses import dataclass
from typing import Literal, Protocol

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from entrypoints.http.json_response import JsonResponse


class Readiness(Protocol):
    """Asks every component whether it works; an empty text means that it does."""

    async def __call__(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Health:
    """`components` has each part the service needs, with `ok` or what is wrong."""

    status: Literal["ok", "unavailable"]
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
                Health, generate_examples=False, description="A component does not work."
            )
        },
    )
    @inject
    async def ready(self, readiness: FromDishka[Readiness]) -> JsonResponse[Health]:
        """Every component works, so requests can be served."""
        problems = await readiness()
        components = {name: problem or "ok" for name, problem in problems.items()}
        if any(problems.values()):
            return JsonResponse(Health("unavailable", components), status_code=HTTP_503_SERVICE_UNAVAILABLE)
        return JsonResponse(Health("ok", components), status_code=HTTP_200_OK)
