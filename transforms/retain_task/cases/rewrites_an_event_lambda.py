import asyncio


def attach(page, recorder):
    page.on("close", lambda: asyncio.create_task(recorder.finish(page)))
    page.on("response", lambda response: asyncio.ensure_future(recorder.keep(response)))
