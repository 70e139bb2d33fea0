import asyncio


async def mix(track):
    await asyncio.sleep(0)
    return track


async def master():
    (drums, bass) = (
        await asyncio.gather(mix("drums"), mix("bass"))
    )
    return drums, bass
