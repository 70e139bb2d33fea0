# asyncmend: --target-version 3.10
# What the helper does not take goes, wherever it is written and whatever is said about it.
import asyncio


async def start(service):
    await asyncio.sleep(0)


async def start_all(services, more):
    await asyncio.gather(
        start(services[0]),
        start(services[1]),  # the second
        return_exceptions=False
    )
    await asyncio.gather(
        start(services[0]),
        start(services[1]),
        # the first failure counts
        return_exceptions=False,
    )
    await asyncio.gather(start(services[0]), start(services[1]),  # type: ignore
                         return_exceptions=False)
    await asyncio.gather(return_exceptions=False, *[start(service) for service in services])
    await asyncio.gather(
        return_exceptions=False,  # the first failure counts
        *[start(service) for service in services],
    )
    await asyncio.gather(*[start(service) for service in services],
                         return_exceptions=False)
    await asyncio.gather(start(services[0]), return_exceptions=False,
                         *[start(service) for service in services])
    await asyncio.gather(
        start(services[0]), (start(services[1])), return_exceptions=False, *[start(s) for s in more]
    )
    found = await asyncio.gather(start(services[0]),
                                 start(services[1]),
                                 return_exceptions=False)
    await asyncio.gather(
        *[start(service) for service in services], return_exceptions=False
    )
    return found
