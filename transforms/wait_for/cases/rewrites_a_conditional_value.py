import asyncio


async def answer(question, left):
    pending = asyncio.ensure_future(question())
    reply = await pending if left is None else await asyncio.wait_for(pending, left)
    return reply
