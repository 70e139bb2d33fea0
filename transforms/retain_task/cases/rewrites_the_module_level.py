import asyncio


async def poll(source):
    await source.read()


loop = asyncio.get_event_loop()
loop.create_task(poll("orders"))

if __name__ == "__main__":
    asyncio.ensure_future(poll("returns"))
    loop.run_forever()
