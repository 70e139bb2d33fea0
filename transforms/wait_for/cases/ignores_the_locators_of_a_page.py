async def log_in(page):
    await page.goto("/login")
    await page.locator("#name").wait_for(state="visible", timeout=5_000)
    await page.wait_for_timeout(100)
