# asyncmend: --target-version 3.8
import asyncio
from pathlib import Path
from pathlib import PurePath


async def status(printer: Path, seconds: float) -> PurePath:
    return await asyncio.wait_for(printer.status(), seconds)
