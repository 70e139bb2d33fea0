import asyncio


class Client:
    def dispatch(self, handlers) -> list[asyncio.Task]:
        tasks = []
        for handler in handlers:
            tasks.append(asyncio.create_task(handler()))
        return tasks

    def change(self, handlers) -> None:
        self.dispatch(handlers)

    def dispatch_twice(self, handlers) -> list[asyncio.Task]:
        if len(handlers) == 1:
            return [asyncio.create_task(handlers[0]())]
        return self.dispatch(handlers)

    def change_twice(self, handlers) -> None:
        self.dispatch_twice(handlers)

    async def change_and_go_on(self, handlers) -> None:
        if handlers:
            self.dispatch(handlers)  # nobody waits for them
        print("changed")


async def starts(handlers, task):
    await asyncio.gather(*begin(handlers))
    begin(
        handlers,
    )


def begin(handlers):
    tasks = {asyncio.create_task(handler()) for handler in handlers}
    print(len(tasks))
    return tasks


def uses(handlers):
    tasks = begin(handlers)
    return tasks[0]


def maybe(handlers):
    if handlers:
        return [asyncio.create_task(handler()) for handler in handlers]


def mixed(handlers, others):
    tasks = []
    for handler in handlers:
        tasks.append(asyncio.create_task(handler()))
    tasks.append(others)
    return tasks


def begin_both(one, two):
    return [asyncio.create_task(one()), asyncio.create_task(two())]


def drops(handlers, others):
    begin_both(handlers, others)
    maybe(handlers)
    mixed(handlers, others)
