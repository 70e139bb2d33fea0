import asyncio
import logging

log = logging.getLogger(__name__)


async def sync_folder(name):
    await asyncio.sleep(0)


async def sync():
    try:
        await asyncio.gather(sync_folder("inbox"), sync_folder("sent"))
    except OSError as error:
        log.warning("offline: %s", error.errno)
        return False
    except ValueError:
        raise
    return True
