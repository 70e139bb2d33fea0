import asyncio

from shop import Base


def keep(task, tasks):
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def log_and_give_back(task):
    print(task)
    return task


def run(loop, task):
    print(task)
    loop.run_forever()


def wait(task):
    task.add_done_callback(lambda _: print("over", task))


def end(task):
    if task.done():
        task.result()
    else:
        task.cancel()


def again(task, count):
    print(task)
    again(task, count - 1)


async def watch(task):
    print(task)


def show(*tasks):
    print(tasks)


def is_over(task):
    return task.done()


@keep
def decorated(task):
    print(task)


class Worker(Base):
    def register(self, task):
        raise NotImplementedError

    def track(self, task):
        print(task)

    def mark(self, name, other):
        print(other)
        self.names.add(name)

    async def start(self, job):
        self.register(asyncio.create_task(job()))
        self.track(asyncio.create_task(job()))
        self.add(asyncio.create_task(job()))
        super().track(asyncio.create_task(job()))
        Worker.mark(self, asyncio.create_task(job()), 1)


class KeepingWorker(Worker):
    def track(self, task):
        self.task = task


async def on_order(order, tasks, arguments):
    keep(asyncio.create_task(order.save()), tasks)
    await log_and_give_back(asyncio.create_task(order.save()))
    wait(asyncio.create_task(order.save()))
    end(asyncio.create_task(order.save()))
    again(asyncio.create_task(order.save()), 3)
    await watch(asyncio.create_task(order.save()))
    show(asyncio.create_task(order.save()))
    decorated(asyncio.create_task(order.save()))
    log_and_give_back(*arguments, asyncio.create_task(order.save()))


async def poll(order):
    task = asyncio.create_task(order.save())
    while not is_over(task):
        await asyncio.sleep(1)


def main(loop):
    run(loop, loop.create_task(on_order(None, None, ())))
