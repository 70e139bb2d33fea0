# asyncmend: --target-version 3.8
"""Where something in the block suspends the task, its handler takes the cancellation that was lost."""
import asyncio


async def pause():
    await asyncio.sleep(0)


async def sleeps(waited):
    try:
        await asyncio.wait_for(waited, 1)
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("taken")


async def waits_for_what_is_done(waited):
    try:
        await asyncio.wait_for(waited, 1)
        await asyncio.wait([waited])
    except asyncio.CancelledError:
        print("taken")


async def pauses(waited):
    try:
        await asyncio.wait_for(waited, 1)
        await pause()
    except asyncio.CancelledError:
        print("taken")


async def sleeps_before_it_returns(waited):
    try:
        try:
            return await asyncio.wait_for(waited, 1)
        finally:
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("taken")


async def comes_back(waited):
    while True:
        try:
            await asyncio.wait_for(waited, 0.01)
        except asyncio.TimeoutError:
            print("expired: nobody had cancelled, it seems")
            return
        except asyncio.CancelledError:
            print("taken")
            return
        waited = asyncio.get_running_loop().create_future()


async def then_go_on(way, waited):
    await way(waited)
    await asyncio.sleep(0)
    print("goes on")


async def main():
    ways = sleeps, waits_for_what_is_done, pauses, sleeps_before_it_returns, comes_back
    for way in ways:
        print(way.__name__)
        waited = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(then_go_on(way, waited))
        await asyncio.sleep(0)
        waited.set_result("a result")
        task.cancel()
        await asyncio.wait([task])
        print("cancelled:", task.cancelled())


asyncio.run(main())
