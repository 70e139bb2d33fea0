import asyncio
import logging

log = logging.getLogger(__name__)


async def read_state(device):
    try:
        state = await asyncio.wait_for(device.state(), timeout=2)
    except asyncio.CancelledError:
        log.info("cancelled")
        raise
    except (TimeoutError, OSError) as error:
        log.warning("no state: %s", error)
    else:
        return state
