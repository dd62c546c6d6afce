from tests.http.who_may.people import a_person
from tests.http.who_may.scene import BASE, Headers, Scene, Stage
from tests.world import token


class DoorScene(Scene):
    """At the host of `acme`, where the token of the platform is in the body."""

    def __init__(self, stage: Stage, who: str) -> None:
        super().__init__(stage, who, stage.world.host(), stage.adm)
        self.makers |= {"user": self._a_user, "token": self._token}

    async def sign_in(self) -> Headers:
        return {}

    async def _a_user(self) -> str:
        return str((await self.stage.world.user(self.stage.acme, self.stage.new())).id)

    async def _token(self) -> str:
        return (await self._theirs()).get("Authorization", "none").removeprefix("Bearer ")

    async def _theirs(self) -> Headers:
        match self.who:
            case "anon":
                return {}
            case "away":
                return self.stage.other_adm
        person = await a_person(self.stage, self.who, self.stage.world.organization)
        return await token(self.stage.client, BASE, person)
