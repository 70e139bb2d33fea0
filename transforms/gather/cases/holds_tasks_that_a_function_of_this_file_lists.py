import asyncio

from jobs import cached


async def wait_for_it(task):
    await task


def given(tasks):
    return [wait_for_it(task) for task in tasks]


def kept(self, load):
    self.tasks = [asyncio.ensure_future(load(1)), asyncio.ensure_future(load(2))]
    return self.tasks


@cached
def decorated(n):
    return [asyncio.ensure_future(wait_for_it(n))]


class Jobs:
    def all(self):
        return [wait_for_it(1), wait_for_it(2)]


async def of_given(tasks):
    await asyncio.gather(*given(tasks))


async def of_kept(self, load):
    await asyncio.gather(*kept(self, load))


async def of_decorated():
    await asyncio.gather(*decorated(1))


async def of_a_method_that_others_may_override(jobs: Jobs):
    await asyncio.gather(*jobs.all())
