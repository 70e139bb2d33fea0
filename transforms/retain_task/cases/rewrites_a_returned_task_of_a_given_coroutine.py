import asyncio


def spawn(name, work):
    task = asyncio.ensure_future(work)
    task.add_done_callback(lambda task: print(name, "is done"))
    return task


def spawn_quietly(*, work):
    return spawn("quiet", work)


class Mailer:
    def send_soon(self, message) -> asyncio.Task:
        return asyncio.ensure_future(message)

    @staticmethod
    def hurry(message) -> asyncio.Task:
        return asyncio.ensure_future(message)

    def welcome(self, user):
        self.send_soon(self.deliver(user))
        self.send_soon(message=self.deliver(user))
        Mailer.hurry(self.deliver(user))

    async def deliver(self, user):
        await asyncio.sleep(1)


async def deliver(letter):
    await asyncio.sleep(1)


def post(letter, courier):
    spawn("post", deliver(letter))
    spawn_quietly(work=deliver(letter))
    spawn(*courier, work=courier.ride())
