import asyncio


class Provider:
    async def provision_virtual_machine(self):
        if self.enabled:
            self.virtual_machine_description = await asyncio.wait_for(self.cloud_client.describe(self.machine_identifier), timeout=600)
            return await asyncio.wait_for(self.cloud_client.wait_until_reachable(), timeout=600)
