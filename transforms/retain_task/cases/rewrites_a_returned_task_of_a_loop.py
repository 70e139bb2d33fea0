import asyncio


def read(stream):
    loop = asyncio.get_running_loop()
    task = loop.create_task(stream.read())
    return task


def prefetch(loop: asyncio.AbstractEventLoop, page):
    return loop.create_task(page.fetch())


def beat(heart):
    return asyncio.Task(heart.beat())


def open_book(book, page):
    read(book.stream)
    prefetch(asyncio.get_running_loop(), page)
    beat(book.heart)
