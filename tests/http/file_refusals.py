from tests.http.driven_tasks import TASKS
from tests.http.driver import Driver
from tests.http.uploading import FILES


async def refuse_file(driver: Driver, name: str, status: int) -> bool:
    """Whether this is how the operation is refused: for what is pending or in quarantine, for a plan without room."""
    if status == 422 and name == f"DELETE {TASKS}/{{task_id}}":
        path = await driver.place(name)
        await driver.files.made(task=path.rpartition("/")[2])
        await driver.send(name, path=path)
        return True
    if status not in (409, 422) or FILES not in name:
        return False
    await driver.send(name, path=await driver.files.refusing(name, status), json=await driver.body(name))
    return True
