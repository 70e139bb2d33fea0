import asyncio


async def play(track):
    await asyncio.sleep(0)


class Mixer:
    async def play_both(self, left, right):
        await (playing := asyncio.gather(play(left), play(right)))
        return playing.result()
