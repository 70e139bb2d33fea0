"""A result, a failure, an expiry: each is what it was, and the inner one has been stopped."""
import asyncio


async def answer(value):
    await asyncio.sleep(0)
    return value


async def fail():
    await asyncio.sleep(0)
    raise KeyError("missing")


async def hang(name):
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        print(name, "stopped")


async def returned():
    return await asyncio.wait_for(answer("returned"), timeout=5)


async def main():
    value = await asyncio.wait_for(answer(1), 5)
    print(value, await returned())
    try:
        await asyncio.wait_for(fail(), timeout=5)
    except KeyError as error:
        print("failed:", error, repr(error.__cause__))
    try:
        await asyncio.wait_for(hang("first"), 0.01)
    except asyncio.TimeoutError as error:
        print("expired:", isinstance(error, asyncio.TimeoutError), error.args)
    try:
        await asyncio.wait_for(hang("second"), timeout=0.01)
        print("never reached")
    except Exception as error:
        print("expired:", type(error).__name__ == asyncio.TimeoutError.__name__)
    forever = await asyncio.wait_for(answer("no limit"), None)
    print(forever)
    event = asyncio.Event()
    asyncio.get_running_loop().call_soon(event.set)
    assert await asyncio.wait_for(event.wait(), 5)
    queue = asyncio.Queue()
    queue.put_nowait("item")
    item = await asyncio.wait_for(queue.get(), 5)
    print(item, queue.empty())


asyncio.run(main())
