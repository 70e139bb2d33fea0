import asyncio


async def inject(page):
    if page.ready:
        await asyncio.wait_for(page.evaluate(
            """
  <script>
    go()
  </script>
"""), timeout=5)
