import asyncio


class Poller:
    def spawn(self) -> asyncio.Task:
        return asyncio.create_task(self.poll())

    def start(self):
        self.spawn()

    async def poll(self):
        await asyncio.sleep(1)


class Fast(Poller):
    pass


class Disabled(Fast):
    def spawn(self):
        print("not polling")


def start(poller: Poller):
    poller.spawn()
