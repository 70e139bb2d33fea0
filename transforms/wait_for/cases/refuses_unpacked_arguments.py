import asyncio


async def call(request):
    limited = (request.send(), request.timeout)
    return await asyncio.wait_for(*limited)
