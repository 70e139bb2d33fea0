# asyncmend: --target-version 3.9
import asyncio; asyncio.run(
    asyncio.wait_for(asyncio.sleep(1), 5)
)
