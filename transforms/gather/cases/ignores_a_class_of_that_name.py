from asyncio import gather  # noqa: F401


class gather:
    def __init__(self, *work):
        self.work = work


async def run(fetch):
    gather(fetch(1), fetch(2))
