import asyncio


async def read_meter(address):
	await asyncio.sleep(0)
	return address


class Panel:
	async def update(self):
		if self.addresses:
			power, water = await asyncio.gather(
				read_meter(self.addresses[0]),
				read_meter(self.addresses[1]),
			)
			return power, water
