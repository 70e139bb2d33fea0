import asyncio


async def download(client, urls):
    pages = await asyncio.gather(*[client.get(url) for url in urls])
    return [page.text for page in pages]
