import asyncio  # noqa: F401


def build(wait_for):
    async def run(fetch):
        wait_for(fetch(1), 5)

    return run
