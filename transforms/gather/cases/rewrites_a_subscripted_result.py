import asyncio


async def first_response(page, url):
    return (await asyncio.gather(page.expect_response("/login"), page.goto(url)))[0]
