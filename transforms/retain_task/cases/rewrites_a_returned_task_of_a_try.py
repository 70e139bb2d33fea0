import asyncio


def connect(pool, address):
    try:
        host, port = address.split(":")
    except ValueError:
        raise LookupError(address) from None
    else:
        return asyncio.create_task(pool.connect(host, int(port)))


def refresh(pool):
    try:
        return asyncio.create_task(pool.refresh())
    finally:
        pool.refreshes += 1


def on_members(pool, addresses):
    for address in addresses:
        connect(pool, address)
    refresh(pool)
