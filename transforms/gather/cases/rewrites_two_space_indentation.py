import asyncio


class Poller:
  async def poll(self, device):
    await asyncio.sleep(0)
    return device

  async def poll_all(self, devices):
    while devices:
      states = await asyncio.gather(*[self.poll(device) for device in devices])
      devices = [state for state in states if state]
