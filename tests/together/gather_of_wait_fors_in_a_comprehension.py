from asyncio import gather, wait_for


async def close_workers(workers, timeout):
    results = await gather(*(wait_for(
        # does not raise if the process is stuck
        worker.close(), 20) for worker in workers))
    codes = await gather(*[wait_for(worker.code(), timeout) for worker in workers])
    return results, codes
