import asyncio


async def übersetze(wort):
    await asyncio.sleep(0)
    return "„" + wort + "“"


async def wörterbuch():
    größe, straße = await asyncio.gather(übersetze("Größe"), übersetze("Straße"))
    return {"📏": größe, "🛣️": straße}
