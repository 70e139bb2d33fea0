# asyncmend: --target-version 3.9
async def prepare(requests):
    # not above, as trio is supported too
    import asyncio  # pylint: disable=do-not-import-asyncio

    await asyncio.gather(*[prepare_one(request) for request in requests])


async def prepare_one(request):
    await request.prepare()
