# asyncmend: --target-version 3.10
import asyncio


async def log_in(api, user):
    session = await asyncio.wait_for(
        api.session(await asyncio.wait_for(api.token(user), 5)), 10
    )
    return session
