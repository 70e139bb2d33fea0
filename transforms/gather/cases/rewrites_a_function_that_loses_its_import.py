# asyncmend: --target-version 3.9 --unsafe-fixes
import asyncio


async def load_all(pages):
    import asyncio

    def forget():
        asyncio = None

    pages.append(forget)
    return sorted(await asyncio.gather(*[page.load() for page in pages]))
