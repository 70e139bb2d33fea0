# asyncmend: --target-version 3.8
"""A coroutine gives back a task that it made; its failures and a cancellation pass by the helper."""
import asyncio
import gc


async def listen(name):
    print("listens:", name)
    await asyncio.sleep(0)
    print("heard:", name)
    if name == "deaf":
        raise ValueError(name)


async def start(name):
    print("connects:", name)
    await asyncio.sleep(0)
    if name == "refused":
        raise OSError(name)
    task = asyncio.create_task(listen(name))
    print("connected:", name)
    return task


async def setup(name):
    try:
        await start(name)
    except OSError as error:
        print("setup:", repr(error), repr(error.__context__))
    except asyncio.CancelledError:
        print("cancelled:", name)
        raise
    print("set up:", name)


async def main():
    loop = asyncio.get_running_loop()
    reports = []
    loop.set_exception_handler(lambda loop, context: reports.append(context["message"]))
    await setup("door")
    await setup("refused")
    await setup("deaf")
    setting_up = asyncio.ensure_future(setup("window"))
    await asyncio.sleep(0)
    setting_up.cancel()
    await asyncio.wait([setting_up])
    print("cancelled:", setting_up.cancelled())
    await asyncio.gather(setup("lamp"), setup("bell"))
    for _ in range(4):
        await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0)
    print(reports, len(asyncio.all_tasks()) - 1)


asyncio.run(main())
