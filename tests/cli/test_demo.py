from application.access.grant_ports import GrantReader
from application.access.grant_views import SEES_ALL, GrantQuery
from application.files.ports import FileReader
from application.files.store import SignedRequest
from application.files.views import FileQuery
from application.identity.ports import UserRepository
from application.projects.ports import ProjectReader
from application.projects.views import ProjectQuery
from application.tasks.ports import TaskReader
from application.tasks.views import TaskQuery
from application.tenancy.ports import SiteDirectory
from domain.projects.project import PROJECTS
from domain.tenancy.routing import SiteHost
from entrypoints.cli.demo import PASSWORD, make_demo
from entrypoints.cli.demo_files import FILES
from entrypoints.cli.demo_sharing import REVIEWER
from entrypoints.cli.demo_tasks import TASKS
from entrypoints.cli.operator import Operator
from entrypoints.container import make_container
from entrypoints.jobs import NoJob
from entrypoints.stores.passwords import PlainPasswords
from tests.world import memory_world


async def test_the_demo_made_twice_has_one_reviewer_with_one_project_and_one_task_to_do() -> None:
    async with memory_world() as world:
        app = make_container(world.settings, world.store(), world.storage(), PlainPasswords(), Operator(), NoJob())

        async def send(request: SignedRequest, content: bytes) -> None:
            assert world.objects.send(request, content).status == 200

        await make_demo(app, lambda _: None, send)
        await make_demo(app, lambda _: None, send)
        found = await (await app.get(SiteDirectory)).find(SiteHost("acme"))
        assert found
        async with world.acting(found.scope) as container:
            rita = await (await container.get(UserRepository)).find_by_login(REVIEWER)
            assert rita
            page = await (await container.get(ProjectReader)).page(ProjectQuery(), rita.id)
            assert page.count == 1
            grants = await (await container.get(GrantReader)).page(PROJECTS, page.results[0].id, GrantQuery(), SEES_ALL)
            reader, today = await container.get(TaskReader), world.clock().date()
            tasks = await reader.page(TaskQuery(), SEES_ALL, today=today)
            mine = await reader.page(TaskQuery(assignee=rita.id), rita.id, today=today)
            hers = await reader.page(TaskQuery(), rita.id, today=today)
            late = await reader.page(TaskQuery(overdue=True), SEES_ALL, today=today)
            files = await (await container.get(FileReader)).page(FileQuery(), rita.id, frozenset())
        assert sorted(file.name for file in files.results) == sorted(FILES)
        assert len(world.objects.objects) == 2 * len(FILES)
        assert 0 < late.count < tasks.count
        await app.close()
        assert (mine.count, tasks.count, hers.count) == (1, TASKS, 5)
    assert (rita.is_admin, rita.password_hash) == (False, f"plain:{PASSWORD}")
    assert [one.permissions for one in grants.results] == [["view", "change"]]
