def build(fetch, runner):
    from asyncio import gather

    def use():
        nonlocal gather
        gather = runner

    async def run():
        gather(fetch(1), fetch(2))

    return use, run
