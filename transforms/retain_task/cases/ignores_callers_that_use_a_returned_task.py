import asyncio


def fetch(page):
    return asyncio.create_task(page.fetch())


async def follow(page):
    await page.open()
    return asyncio.create_task(page.follow())


async def read(page):
    await fetch(page)
    text = await fetch(page)
    both = await asyncio.gather(fetch(page), fetch(page.next))
    return text, both


def start(book, page):
    book.task = fetch(page)
    book.tasks.append(fetch(page.next))
    book.by_page[page] = fetch(page)
    return fetch(page.last)


async def read_on(book, page):
    book.follower = await follow(page)
    following = await follow(page.next)
    await (await follow(page.last))
    await following


async def read_ahead(pages):
    ahead = [fetch(page) for page in pages]
    reader = fetch(pages[0])
    try:
        await asyncio.wait(ahead)
    finally:
        reader.cancel()
    return await follow(pages[-1])
