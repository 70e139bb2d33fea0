import asyncio


def begin(handlers):
    return [asyncio.create_task(handler()) for handler in handlers]


def change(handlers):
    if handlers: begin(handlers)


def change_at_once(handlers):
    begin(handlers); print("changed")
