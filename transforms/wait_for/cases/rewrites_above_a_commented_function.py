# asyncmend: --target-version 3.13 --select wait-for
def make_reader(stream):
    async def read():
        from asyncio import wait_for

        return await wait_for(stream.read(), 5)

    return read
