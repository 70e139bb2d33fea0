import asyncio


def track(answer: asyncio.Future, log):
    answer.add_done_callback(log)
    asyncio.ensure_future(answer)
