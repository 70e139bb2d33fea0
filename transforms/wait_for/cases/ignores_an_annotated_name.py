from typing import Any

import farm

wait_for: Any = farm.wait_for


async def run(fetch):
    wait_for(fetch(1), 5)
