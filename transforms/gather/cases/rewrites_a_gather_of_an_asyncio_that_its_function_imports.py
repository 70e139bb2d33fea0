"""The helper brings an import for the whole module."""


async def fetch(page):
    return page


async def first_statement(pages):
    import asyncio

    return sorted(await asyncio.gather(*[page.load() for page in pages]))


async def after_another(pages):
    """Load all."""
    import asyncio
    import time

    print(time.time())
    return sorted(await asyncio.gather(*[page.load() for page in pages]))


async def used_by_something_else(pages):
    import asyncio

    await asyncio.sleep(1)
    return sorted(await asyncio.gather(*[page.load() for page in pages]))


async def by_another_name(pages):
    import asyncio as aio

    return sorted(await aio.gather(*[page.load() for page in pages]))


async def with_a_comment(pages):
    import asyncio  # only here

    return sorted(await asyncio.gather(*[page.load() for page in pages]))
