from asyncio import wait_for  # noqa: F401


class wait_for:
    def __init__(self, *work):
        self.work = work


async def run(fetch):
    wait_for(fetch(1), 5)
