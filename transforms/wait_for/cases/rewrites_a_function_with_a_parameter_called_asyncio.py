from asyncio import wait_for


async def run_suite(suite, asyncio=False, sys=None):
    if asyncio:
        return await wait_for(suite.run_async(sys), timeout=60)
    return suite.run(sys)
