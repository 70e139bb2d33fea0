class Screen:
    async def wait_for(self, text, timeout):
        while text not in self.lines:
            timeout -= await self.refresh()

    async def expect(self, text):
        await self.wait_for(text, timeout=10)
