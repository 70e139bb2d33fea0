import asyncio
import logging

logger = logging.getLogger(__name__)


async def read(meter):
    await asyncio.sleep(0)
    return meter


async def read_shown(meters):
    reads = [read(meter) for meter in meters]
    logger.debug("reads: %s", reads)
    return await asyncio.gather(*reads)
