import asyncio


async def wait_while(fetch):
    task = asyncio.create_task(fetch("/orders"))
    while not task.done():
        await asyncio.sleep(1)


async def wait_inside(fetch, screen):
    task = asyncio.create_task(fetch("/orders"))
    while True:
        screen.turn()
        if task.done():
            break
        await asyncio.sleep(1)


async def wait_for_a_while(fetch):
    for url in ("/orders", "/returns"):
        task = asyncio.create_task(fetch(url))
        for _ in range(10):
            if task.done():
                break
            await asyncio.sleep(1)


async def wait_in_a_comprehension(fetch, ticks):
    task = asyncio.create_task(fetch("/orders"))
    return [tick async for tick in ticks if not task.done()]


async def test_that_it_ends(fetch, case):
    task = asyncio.create_task(fetch("/orders"))
    await asyncio.sleep(0)
    assert task.done()


async def test_that_it_was_cancelled(server, fetch, case):
    task = asyncio.create_task(fetch("/orders"))
    await server.close()
    case.assertTrue(task.cancelled())


async def start_anew_when_it_is_over(fetch, ticks):
    task = None
    while True:
        await ticks.get()
        if task is None or task.done():
            task = asyncio.create_task(fetch("/orders"))


async def look_until_it_is_over(fetch, ticks):
    task = None
    async for tick in ticks:
        if task and not task.done():
            task.print_stack()
        else:
            task = asyncio.create_task(fetch("/orders"))


async def start_once_and_ask(fetch, ticks):
    started = False
    while True:
        await ticks.get()
        if not started:
            task = asyncio.create_task(fetch("/orders"))
            started = True
        if task.done():
            print("over")
