import asyncio


async def crawl(url, depth):
    links = [f"{url}/{number}" for number in range(depth)]
    return await asyncio.gather(*[crawl(link, depth - 1) for link in links])


async def crawl_sites():
    async def crawl_docs():
        await asyncio.gather(crawl("docs", 2), crawl("api", 1))

    await asyncio.gather(crawl("blog", 1), crawl_docs())
