async def load_all(pages):
    import asyncio

    def forget():
        nonlocal asyncio
        asyncio = None

    pages.append(forget)
    return sorted(await asyncio.gather(*[page.load() for page in pages]))
