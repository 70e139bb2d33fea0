import asyncio


async def stop_reader(name):
    await asyncio.sleep(0)
    return name


async def stop_writer(name):
    await asyncio.sleep(0)
    return name


async def stop_all(readers, writers):
    stopped = await asyncio.gather(
        *[stop_reader(reader) for reader in readers],
        *(stop_writer(writer) for writer in writers),
    )
    print("stopped", len(stopped))
