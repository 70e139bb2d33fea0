# asyncmend: --target-version 3.8
import asyncio
from pathlib import Path
from typing import List
from typing import Optional


async def status(printer: Path, seconds: Optional[float]) -> List[str]:
    return await asyncio.wait_for(printer.status(), seconds)
