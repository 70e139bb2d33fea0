# asyncmend: --target-version 3.9
import asyncio


async def survey(hosts, client, log):
    for host, answer in zip(
        hosts,
        await asyncio.gather(*(client.version(host) for host in hosts), return_exceptions=True),
    ):
        if isinstance(answer, BaseException):
            log.warning("%s: %r", host, answer)
