"""A task that a function gives back dies like any other where the caller drops it."""
import asyncio
import gc
import weakref

answers = weakref.WeakSet()
fates = []


async def deliver(name):
    answer = asyncio.get_running_loop().create_future()  # only this coroutine refers to it
    answers.add(answer)
    try:
        await answer
        fates.append(name + ": delivered")
    except GeneratorExit:
        fates.append(name + ": collected")
        raise


def send(name):
    return asyncio.create_task(deliver(name))


def send_and_tell(name):
    task = asyncio.create_task(deliver(name))
    task.add_done_callback(lambda done: fates.append("callback"))
    return task


async def connect(name):
    await asyncio.sleep(0)
    return asyncio.create_task(deliver(name))


class Mailer:
    def send(self, name) -> asyncio.Task:
        return asyncio.create_task(deliver(name))

    def send_all(self):
        self.send("method")


async def place_order():
    send("statement")
    send_and_tell("with a callback")
    unread = send("unread local")
    [send(f"comprehension {n}") for n in range(2)]
    asyncio.get_running_loop().call_soon(lambda: send("lambda"))
    Mailer().send_all()
    await connect("awaited")


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    await place_order()
    for _ in range(4):
        await asyncio.sleep(0)
    gc.collect()
    print("collected:", len(fates), "alive:", len(asyncio.all_tasks()) - 1)
    for answer in list(answers):
        answer.set_result(None)
    for _ in range(4):
        await asyncio.sleep(0)
    print("at the end:", *sorted(fates), sep="\n")
    print("alive:", len(asyncio.all_tasks()) - 1)


asyncio.run(main())
