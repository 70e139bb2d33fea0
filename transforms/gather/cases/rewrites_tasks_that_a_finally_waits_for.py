import asyncio


async def work(number):
    await asyncio.sleep(number)


async def waits_for_a_list(serve):
    tasks = [asyncio.create_task(work(1)), asyncio.create_task(work(2))]
    try:
        await serve()
    finally:
        await asyncio.gather(*tasks)


async def waits_for_names(serve):
    left = asyncio.create_task(work(1))
    right = asyncio.create_task(work(2))
    try:
        await serve()
    finally:
        await asyncio.gather(left, right)


async def begins_them_there(serve, numbers):
    try:
        await serve()
    finally:
        tasks = [asyncio.create_task(work(number)) for number in numbers]
        await asyncio.gather(*tasks)


async def runs_coroutines_there(serve, numbers):
    jobs = [work(number) for number in numbers]
    try:
        await serve()
    finally:
        await asyncio.gather(*jobs)


async def waits_for_what_closes(serve, links):
    tasks = []
    for link in links:
        tasks.append(asyncio.create_task(link.wait_closed()))
    try:
        await serve()
    finally:
        await asyncio.gather(*tasks)


async def adds_one_there(serve, links):
    tasks = [asyncio.create_task(work(1))]
    try:
        await serve()
    finally:
        tasks.append(asyncio.create_task(work(2)))
        await asyncio.gather(*tasks)


async def stop_all(serve):
    tasks = [asyncio.create_task(work(1)), asyncio.create_task(work(2))]
    try:
        await serve()
    finally:
        await asyncio.gather(*tasks)
