import asyncio


def schedule(job, delay=None):
    if delay is None:
        return asyncio.create_task(job.run())
    elif delay < 0:
        raise ValueError(delay)
    else:
        return asyncio.create_task(job.run_after(delay))


def publish(queue, event):
    if event.is_urgent:
        task = asyncio.create_task(queue.put_first(event))
    else:
        task = asyncio.create_task(queue.put(event))
    return task


async def on_event(queue, event):
    publish(queue, event)
    schedule(event.job, event.delay)
