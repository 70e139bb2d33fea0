import asyncio


log = print


async def main():
    asyncio.create_task(work())


async def work():
    log("working")
