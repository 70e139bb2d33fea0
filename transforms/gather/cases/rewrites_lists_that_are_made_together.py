import asyncio


async def retrieve(query):
    await asyncio.sleep(0)
    return [query]


async def search(retrievers, queries):
    tasks, asked = [], []
    for query in queries:
        for index, retriever in enumerate(retrievers):
            tasks.append(retriever.retrieve(query))
            asked.append((query, index))
    results = await asyncio.gather(*tasks)
    return dict(zip(asked, results))


async def known(queries):
    tasks, asked = [], []
    for query in queries:
        tasks.append(retrieve(query))
        asked.append(query)
    return asked, await asyncio.gather(*tasks)


async def begun(queries):
    tasks, asked = [retrieve("first")], ["first"]
    for query in queries:
        tasks.append(retrieve(query))
        asked.append(query)
    results = await asyncio.gather(*tasks)
    return dict(zip(asked, results))


async def both():
    one, other = retrieve(1), retrieve(2)
    return await asyncio.gather(one, other)
