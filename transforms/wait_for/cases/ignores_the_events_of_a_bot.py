import asyncio


async def confirm(client, message):
    try:
        reply = await client.wait_for(
            "message", timeout=30.0, check=lambda m: m.author == message.author
        )
    except asyncio.TimeoutError:
        return False
    return reply.content == "yes"
