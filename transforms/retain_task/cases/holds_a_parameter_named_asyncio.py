def start(asyncio, poller):
    asyncio.create_task(poller.run())
