import asyncio


async def post(url, *, body="", headers=None):
    await asyncio.sleep(0)
    return url, body, headers


async def broadcast(body, hooks):
    main, audit, *others = await asyncio.gather(
        post("https://main", body=body, headers={"X-Kind": "asyncio.gather(main, audit)"}),
        post("https://audit", body='{"text": "it\'s, (done"}'),
        *[post(hook, body=body) for hook in hooks],
    )
    return main, audit, others
