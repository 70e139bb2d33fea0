def build(fetch, runner):
    from asyncio import create_task

    def use():
        nonlocal create_task
        create_task = runner

    async def run():
        create_task(fetch(1))

    return use, run
