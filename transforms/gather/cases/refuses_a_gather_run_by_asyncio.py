import asyncio


async def build(target):
    await asyncio.sleep(0)


def main(targets):
    asyncio.run(asyncio.gather(*[build(target) for target in targets]))
