import asyncio
import logging

logger = logging.getLogger(__name__)


async def read(meter):
    await asyncio.sleep(0)
    return meter


async def read_all(meters):
    reads = []
    for meter in meters:
        reads.append(read(meter))
    if not reads:
        return []
    logger.debug("%s meters", len(reads))
    return await asyncio.gather(*reads)


async def read_twice(meters, extra):
    reads = [read(meter) for meter in meters]
    if extra:
        reads.extend([read(extra)])
    if reads:
        await asyncio.gather(*reads)
