import asyncio


async def load(region):
    await asyncio.sleep(0)
    return [region]


def label():
    print("labelled")
    return "label"


class Report:
    def __init__(self):
        self.total = 0
        self.title = "report"

    async def write(self, rows, options):
        print(label(), await asyncio.gather(load("a"), load("b")))
        print(self.title, await asyncio.gather(load("a"), load("b")))
        self.append(await asyncio.gather(load("a"), load("b")))
        print({**options, "rows": await asyncio.gather(load("a"), load("b"))})
        print(**options, rows=await asyncio.gather(load("a"), load("b")))
        self.total += len(await asyncio.gather(load("a"), load("b")))
        total = 1
        total += len(await asyncio.gather(load("a"), load(total := 5)))
        assert await asyncio.gather(load("a"), load("b"))
        rows or await asyncio.gather(load("a"), load("b"))
        print(1 if rows else await asyncio.gather(load("a"), load("b")))
        print(0 < total < len(await asyncio.gather(load("a"), load("b"))))
        print([await asyncio.gather(load(row), load(row)) for row in rows])
        print([row for _ in rows for row in await asyncio.gather(load("a"), load("b"))])
        if not rows:
            return total
        elif await asyncio.gather(load("a"), load("b")):
            return None
        while await asyncio.gather(load("a"), load("b")):
            rows = rows[1:]
        return f"{label()} {await asyncio.gather(load('a'), load('b'))}"

    def append(self, rows):
        self.total += len(rows)

    async def counted(self):
        count = 0

        async def one():
            nonlocal count
            count += 1
            return count

        count += sum(await asyncio.gather(one(), one()))
        return [count, sum(await asyncio.gather(one(), one()))]
