"""A task that only the loop refers to dies when the collector runs (on every version)."""
import asyncio
import gc

fates = []


async def deliver(name):
    try:
        await asyncio.get_running_loop().create_future()  # only this coroutine refers to it
    except GeneratorExit:
        fates.append(name + ": collected")
        raise
    except asyncio.CancelledError:
        fates.append(name + ": cancelled at the end of the run")
        raise


def place_order():
    asyncio.create_task(deliver("statement"))
    asyncio.ensure_future(deliver("chained")).add_done_callback(lambda task: print("callback"))
    unread = asyncio.create_task(deliver("unread local"))
    _ = asyncio.create_task(deliver("underscore"))
    [asyncio.create_task(deliver(f"comprehension {n}")) for n in range(2)]
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: asyncio.create_task(deliver("lambda")))
    loop.call_soon(loop.create_task, deliver("handed over"))


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    place_order()
    for _ in range(4):
        await asyncio.sleep(0)
    gc.collect()
    print("collected:", len(fates), "alive:", len(asyncio.all_tasks()) - 1)


asyncio.run(main())
for fate in sorted(fates):
    print(fate)
