# asyncmend: --target-version 3.8
"""Every shape of a dropped task, in the order in which the loop runs them."""
import asyncio


async def step(name):
    print("started:", name)
    await asyncio.sleep(0)
    print("finished:", name)


async def main():
    loop = asyncio.get_running_loop()
    asyncio.create_task(step("statement")); loop.create_task(step("semicolon"))
    if loop: asyncio.ensure_future(step("one line"))
    [asyncio.create_task(step(name)) for name in ("comprehension", "again")]
    loop and asyncio.create_task(step("and"))
    loop or asyncio.create_task(step("never"))
    asyncio.create_task(step("if")) if loop else asyncio.create_task(step("else"))
    loop.call_soon(lambda: asyncio.create_task(step("lambda")))
    loop.call_soon(loop.create_task, step("handed over"))
    loop.call_soon_threadsafe(loop.create_task, step("handed over safely"))
    asyncio.shield(step("shield"))
    asyncio.gather(step("gather"), step("gather too"))
    asyncio.Task(step("object"))
    unread = asyncio.create_task(step("unread"))
    for _ in range(6):
        await asyncio.sleep(0)
    print(len(asyncio.all_tasks()))


asyncio.run(main())
asyncio.run(main())
