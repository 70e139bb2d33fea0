import asyncio


async def connect(app):
    await app.ready()
    return asyncio.create_task(app.run())


async def on_boot(app, others):
    await asyncio.wait_for(connect(app), 5)
    _ = await connect(app)
    [await connect(other) for other in others]
