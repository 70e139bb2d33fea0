from asyncio import create_task  # noqa: F401


class create_task:
    def __init__(self, *work):
        self.work = work


async def run(fetch):
    create_task(fetch(1))
