import asyncio

from tracing import traced


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


async def release_by_name(holder, shielded):
    call = holder.release()
    await (asyncio.shield(call) if shielded else call)


async def wait_again(holder):
    released = holder.release()
    try:
        await asyncio.shield(released)
    except asyncio.CancelledError:
        await released
        raise


async def wait_as_long_as_it_takes(holder):
    released = holder.release()
    while not holder.is_released:
        await asyncio.shield(released)


async def wait_for_what_is_popped(holder):
    waiter = holder.waiters.pop()
    await asyncio.shield(waiter)


class Holder:
    @traced
    async def release(self):
        await self.drain()

    async def close(self):
        await asyncio.shield(self.release())
