import asyncio
from asyncio import wait


class App:
    async def stop(self):
        await asyncio.wait(
            [
                asyncio.create_task(self.clean()),
                asyncio.create_task(self.clear()),
            ],
            timeout=3,
        )

    async def stop_one(self):
        task = asyncio.create_task(self.clean())
        await asyncio.wait([task], timeout=3)
        if not task.done():
            print("late")

    async def some(self):
        done, pending = await wait(
            {asyncio.create_task(self.clean()), asyncio.create_task(self.clear())},
            timeout=self.patience,
        )
        return len(done)

    async def all_for_a_while(self, jobs):
        await asyncio.wait([asyncio.create_task(job()) for job in jobs], timeout=3)

    async def clean(self):
        pass

    async def clear(self):
        pass
