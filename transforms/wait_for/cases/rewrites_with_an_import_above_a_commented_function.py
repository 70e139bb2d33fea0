# asyncmend: --target-version 3.10 --module app.streams --helper-module app.aio
def make_reader(stream):
    async def read(size, limit):
        from asyncio import wait_for

        return await wait_for(stream.read(size), limit)

    return read
