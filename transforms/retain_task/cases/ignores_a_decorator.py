import asyncio


def make_handler(app, server):
    @app.after(asyncio.ensure_future(server.warm_up()))
    async def handler(request):
        return await server.answer(request)

    return handler
