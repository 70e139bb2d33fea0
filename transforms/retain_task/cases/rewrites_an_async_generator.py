import asyncio


async def pages(client, cursor):
    while cursor:
        page = await client.fetch(cursor)
        asyncio.create_task(client.prefetch(page.next))
        yield page
        cursor = page.next
