import asyncio


async def load(urls, fetch):
    tasks = [asyncio.create_task(fetch(url)) for url in urls]
    done, pending = await asyncio.wait(tasks)
    return done
