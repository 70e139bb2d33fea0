import asyncio
from unittest.mock import AsyncMock, patch


async def tick(clock):
    await asyncio.sleep(0)


@patch("asyncio.gather", new_callable=AsyncMock)
async def check_patched(gathered):
    await asyncio.gather(tick("utc"), tick("local"))
    return gathered.await_count
