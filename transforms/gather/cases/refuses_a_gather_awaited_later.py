import asyncio


async def fetch_user(user_id):
    await asyncio.sleep(0)
    return user_id


async def welcome(render):
    loading = asyncio.gather(fetch_user(1), fetch_user(2))
    render("spinner")
    return await loading
