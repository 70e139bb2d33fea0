import asyncio


def start(coros, report):
    every = asyncio.gather(*coros)

    def done(_):
        report(every.cancelled())

    every.add_done_callback(done)
    return every
