import asyncio


async def request(channel, message, timeout=30.0):
    await channel.send(message)
    reply = await asyncio.wait_for(channel.receive(), timeout=timeout)
    return reply
