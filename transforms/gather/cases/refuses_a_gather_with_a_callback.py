import asyncio


async def encode(frame):
    await asyncio.sleep(0)


def encode_all(frames, done):
    asyncio.gather(*[encode(frame) for frame in frames]).add_done_callback(done)
