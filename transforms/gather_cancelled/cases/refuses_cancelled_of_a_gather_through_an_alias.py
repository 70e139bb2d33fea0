from asyncio import gather as together


def stopped(jobs):
    every = together(*jobs, return_exceptions=True)
    every.cancel()
    return every.done() and not every.cancelled()
