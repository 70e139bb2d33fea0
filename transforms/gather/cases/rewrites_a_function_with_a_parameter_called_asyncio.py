from asyncio import gather


async def run_suite(name):
    return name


async def run_suites(asyncio=False):
    if asyncio:
        return await gather(run_suite("unit"), run_suite("browser"))
    return [await run_suite("unit"), await run_suite("browser")]
