# asyncmend: --target-version 3.9
def make_loader(store):
    async def load(keys):
        from asyncio import gather

        values = await gather(*[store.get(key) for key in keys])
        return dict(zip(keys, values))

    return load
