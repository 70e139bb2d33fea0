"""No line below the docstring, as Black left it before 2024."""
import asyncio

from app.platforms import PLATFORMS, _resetup_platform


class Integration:
    async def reload(self, hass, integration_domain, platform_domains, unprocessed):
        tasks = [
            _resetup_platform(hass, integration_domain, platform_domain, unprocessed)
            for platform_domain in platform_domains
        ]

        await asyncio.gather(*tasks)

    async def setup(self, hass, entry):
        if hass:
            await asyncio.gather(
                *(
                    [
                        _resetup_platform(hass, entry, 1, 2),
                        _resetup_platform(hass, entry, 2, 3),
                    ]
                    + [
                        _resetup_platform(hass, entry, platform, 4)
                        for platform in PLATFORMS
                    ]
                )
            )

    async def stop(self, awaitables, update_state, spare):
        await asyncio.shield(self._async_stop(awaitables, update_state, spare))

    async def _async_stop(self, awaitables, update_state, spare):
        await asyncio.sleep(0)
