# asyncmend: --target-version 3.9 --unsafe-fixes
import asyncio


async def load_all(pages):

    def forget():
        asyncio = None

    import asyncio
    import asyncio

    pages.append(forget)
    return sorted(await asyncio.gather(*[page.load() for page in pages]))
