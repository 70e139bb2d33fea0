import asyncio


class Syncer:
    async def sync(self, pages):
        async with asyncio.timeout(300):
            for page in pages:
                try:
                    if page.dirty:
                        await asyncio.wait_for(page.save(), timeout=self.page_timeout)
                finally:
                    page.close()
