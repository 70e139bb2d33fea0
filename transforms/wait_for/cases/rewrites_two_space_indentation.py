import asyncio


class Poller:
  async def poll(self, device):
    for attempt in range(3):
      try:
        return await asyncio.wait_for(device.read(attempt), timeout=2)
      except asyncio.TimeoutError:
        pass
