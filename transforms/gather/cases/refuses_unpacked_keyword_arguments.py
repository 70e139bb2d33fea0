import asyncio


async def fetch_all(client, urls, **options):
    return await asyncio.gather(*[client.get(url) for url in urls], **options)
