import asyncio


async def render(template):
    """Render one template,
    line by line.
    """
    await asyncio.sleep(0)
    return template


async def render_page():
    head, body = await asyncio.gather(
        render("head"),  # cached
        render("body"),
    )
    return head + body
