from typing import Any

import farm

gather: Any = farm.gather


async def run(fetch):
    gather(fetch(1), fetch(2))
