# asyncmend: --set wait-for.style=helper
async def watch(event):

    import asyncio

    return await asyncio.wait_for(event.wait(), timeout=2)
