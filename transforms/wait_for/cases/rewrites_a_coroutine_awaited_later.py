# asyncmend: --target-version 3.10
import asyncio


async def load(page, spinner):
    loading = asyncio.wait_for(page.load(), timeout=20)
    spinner.show()
    return await loading
