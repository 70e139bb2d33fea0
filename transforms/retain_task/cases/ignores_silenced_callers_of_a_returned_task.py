import asyncio


def notify(app, what):
    return asyncio.create_task(app.send(what))


async def on_request(app):
    notify(app, "request")  # noqa: RUF006
    notify(app, "answer")  # asyncmend: ignore[retain-task] the app waits for its sends
    _ = notify(app, "done")  # asyncmend: ignore
    notify(  # noqa
        app,
        "closed",
    )
