async def load_all(pages, fast):
    if fast:
        import asyncio as one
        import asyncio as other
    first = sorted(await one.gather(*[page.load() for page in pages]))
    return first + sorted(await other.gather(*[page.save() for page in pages]))
