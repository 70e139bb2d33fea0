# asyncmend: --target-version 3.12
import asyncio


async def crawl(session, seeds):
    seen = set()

    async def visit(url):
        seen.add(url)
        return await session.get(url)

    pages = await asyncio.gather(*(visit(seed) for seed in seeds if seed not in seen))
    return pages, seen
