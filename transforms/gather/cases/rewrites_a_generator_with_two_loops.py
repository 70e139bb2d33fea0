import asyncio


async def probe(host, port):
    await asyncio.sleep(0)
    return host, port


async def scan(hosts, ports):
    opened = await asyncio.gather(
        *(probe(host, port) for host in hosts for port in ports if port > 1024)
    )
    return opened
