import anyio as aio


async def read(stream):
    with aio.fail_after(5):
        return await aio.wait_for(stream.read(), 5)
