import asyncio


async def work(number):
    await asyncio.sleep(number)


def spawn(number):
    return asyncio.create_task(work(number))


def spawn_named(number):
    task = asyncio.create_task(work(number))
    task.set_name(f"work {number}")
    return task


class Pool:
    def start(self, number):
        return asyncio.get_running_loop().create_task(work(number))

    async def run(self):
        await asyncio.gather(self.start(1), self.start(2))


async def main():
    await asyncio.gather(spawn(1), spawn(2))
    await asyncio.gather(*[spawn(number) for number in range(3)])
    await asyncio.gather(spawn_named(1), spawn(2))
