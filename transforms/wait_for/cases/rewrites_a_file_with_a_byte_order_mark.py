import asyncio


async def frage(gerät):
    zustand = "🟢"; zustand += await asyncio.wait_for(gerät.lesen("Größe"), 3)
    antwort = await asyncio.wait_for(gerät.lesen("Länge"), 3)
    return zustand, antwort
