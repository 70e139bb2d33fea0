import asyncio


async def receive(websocket) -> str:
    message: str = await asyncio.wait_for(websocket.recv(), timeout=60)
    return message.strip()
