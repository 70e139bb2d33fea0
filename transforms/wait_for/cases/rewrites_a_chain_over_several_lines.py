import asyncio


async def rows(session, query):
    found = await asyncio.wait_for(
        session
        .execute(query),
        5,
    )
    return found
