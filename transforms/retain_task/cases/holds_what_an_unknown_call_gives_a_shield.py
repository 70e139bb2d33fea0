import asyncio


async def release(holder, loop, future):
    await asyncio.shield(holder.release())
    await asyncio.gather(asyncio.shield(arg=holder.release()), asyncio.sleep(1))
    await asyncio.shield(loop.run_in_executor(None, holder.close))
    await asyncio.shield(asyncio.wrap_future(future))
    await asyncio.shield(holder.released)
    await asyncio.shield(holder.waiters.pop(future))
    await asyncio.shield(wait_closed(holder, True))


def wait_closed(holder, force):
    if force:
        return holder.drain()
    return holder.closed
