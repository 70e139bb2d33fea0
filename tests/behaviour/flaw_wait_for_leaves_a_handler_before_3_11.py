# asyncmend: --target-version 3.8 --accept handled-cancellation
"""More ways past a handler, for which `handled-cancellation` is held back."""
import asyncio


async def log(result):
    print("got", result)


async def returned(waited):
    try:
        if waited:
            return await asyncio.wait_for(waited, 1)
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("taken")


async def raised(waited):
    while True:
        try:
            result = await asyncio.wait_for(waited, 1)
            if result:
                raise KeyError(result)
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            print("taken")


async def not_suspended(waited):
    try:
        await log(await asyncio.wait_for(waited, 1))
    except asyncio.CancelledError:
        print("taken")


async def results(waited):
    while True:
        try:
            yield await asyncio.wait_for(waited, 1)
        except asyncio.CancelledError:
            print("taken")
            return


async def yielded(waited):
    async for result in results(waited):
        await asyncio.sleep(0)
        return result


async def then_go_on(way, waited):
    try:
        print(await way(waited))
    except KeyError:
        print("KeyError")
    await asyncio.sleep(0)
    print("goes on")


async def main():
    for way in (returned, raised, not_suspended, yielded):
        print(way.__name__)
        waited = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(then_go_on(way, waited))
        await asyncio.sleep(0)
        waited.set_result("a result")
        task.cancel()
        await asyncio.wait([task])
        print("cancelled:", task.cancelled())


asyncio.run(main())
