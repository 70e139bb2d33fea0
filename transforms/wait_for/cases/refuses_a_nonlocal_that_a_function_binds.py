def build(fetch, runner):
    from asyncio import wait_for

    def use():
        nonlocal wait_for
        wait_for = runner

    async def run():
        wait_for(fetch(1), 5)

    return use, run
