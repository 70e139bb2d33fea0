import asyncio


async def assert_reachable(host, *, port):
    await asyncio.sleep(0)


async def preflight(config):
    await asyncio.gather(
        assert_reachable(
            config["database"],
            port=5432,
        ),
        assert_reachable(
            config["cache"],
            port=6379,
        ),
        assert_reachable(config["broker"], port=5672),
    )
