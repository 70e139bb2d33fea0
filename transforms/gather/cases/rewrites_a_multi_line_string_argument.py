import asyncio
from asyncio import gather


async def expect(path):
    await asyncio.sleep(0)
    return path


async def set_content(page, html):
    await asyncio.sleep(0)
    page.html = html


async def load_script(page):
    response, _ = await gather(expect("/app.js"), set_content(page,
        """
        <script src="/app.js">
        </script>
    """))
    return response
