import asyncio


async def look_up(resolver, request):
    address = await asyncio.wait_for(resolver.resolve(request.host(), family=2), timeout=5)
    return address
