import asyncio


async def fetch_score(player):
    await asyncio.sleep(0)
    return len(player)


async def scores(players):
    return await asyncio.gather(*map(fetch_score, players))
