import asyncio


async def gather(*coroutines):
    limit = asyncio.Semaphore(8)

    async def run(coroutine):
        async with limit:
            return await coroutine

    return [await run(coroutine) for coroutine in coroutines]


async def fetch_all(client, urls):
    return await gather(*[client.get(url) for url in urls])
