import asyncio


async def read_all(books, one, other):
    gather = asyncio.gather
    for book in books:
        if gather != book.gather:
            gather = book.gather
    return await gather(one.read(), other.read())
