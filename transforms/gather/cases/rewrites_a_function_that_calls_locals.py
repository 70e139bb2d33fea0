import asyncio


async def fetch_title(book):
    await asyncio.sleep(0)
    return book


async def fetch_author(book):
    await asyncio.sleep(0)
    return book


async def card(book, template):
    title, author = await asyncio.gather(fetch_title(book), fetch_author(book))
    return template.format(**locals())
