# asyncmend: --set retain-task.style=helper
import asyncio


class Service:
    def _keep_task(self, task):
        return task

    asyncio.get_event_loop().create_task(asyncio.sleep(1))
