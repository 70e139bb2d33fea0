async def on_startup(server):
    from asyncio import create_task

    create_task(server.warm_up())
