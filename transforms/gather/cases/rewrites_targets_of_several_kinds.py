import asyncio


async def users(limit):
    await asyncio.sleep(0)
    return [None] * limit


async def count(table):
    await asyncio.sleep(0)
    return len(table)


class Report:
    async def second(self):
        _, number = await asyncio.gather(users(1), count("posts"))
        return number

    async def none(self):
        _, _ = await asyncio.gather(users(1), asyncio.create_task(users(2)))

    async def kept(self, page):
        self._users, page["posts"] = await asyncio.gather(users(1), count("posts"))
        _1, self.second_total = await asyncio.gather(users(3), count("comments"))
        return _1

    async def made_before(self):
        users_task, posts_coro = users(4), count("posts")
        (_, *_), self.posts["all"] = await asyncio.gather(users_task, posts_coro)

    async def spread(self):
        (
            self.first_of_all_the_users,
            self.total_of_all_that_was_posted,
        ) = await asyncio.gather(users(1), count("posts"))
