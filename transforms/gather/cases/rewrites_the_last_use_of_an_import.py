from asyncio import (
    CancelledError,
    gather,
    sleep,
)


async def poll(meter):
    await sleep(0)
    return meter


async def poll_both(left, right):
    try:
        await gather(poll(left), poll(right))
    except CancelledError:
        print("stopped")
        raise
