import asyncio


class Lamp:
	async def on(self):
		if self.link:
			state = await asyncio.wait_for(
				self.link.send("on"),
				timeout=2,
			)
			return state
