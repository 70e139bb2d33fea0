# asyncmend: --target-version 3.13
import asyncio
from typing import List


async def measure(probe: str) -> float:
    await asyncio.sleep(0)
    return float(len(probe))


async def average(probes: List[str]) -> float:
    values: List[float] = await asyncio.gather(*(measure(probe) for probe in probes))
    return sum(values) / len(values)
