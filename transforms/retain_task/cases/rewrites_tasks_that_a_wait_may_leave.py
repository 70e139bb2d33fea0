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

    async def all_of_a_list(self, jobs):
        tasks = [asyncio.create_task(job()) for job in jobs]
        print("waiting for", len(tasks))
        await asyncio.wait(tasks, timeout=3)

    async def both_in_a_set(self):
        tasks = {asyncio.create_task(self.clean()), asyncio.create_task(self.clear())}
        done, pending = await asyncio.wait(tasks, timeout=3)
        await asyncio.sleep(1)
        return len(done)

    async def those_in_a_list(self, jobs):
        tasks = []
        for job in jobs:
            tasks.append(asyncio.create_task(job()))
        if tasks:
            await asyncio.wait(tasks, timeout=3)

    async def in_each_turn(self, jobs):
        while jobs.left:
            tasks = []
            for job in jobs:
                task = asyncio.create_task(job())
                task.add_done_callback(print)
                tasks.append(task)
            done, pending = await asyncio.wait(tasks, timeout=3)
            print(done, "and still", len(pending))

    async def clean(self):
        pass

    async def clear(self):
        pass
