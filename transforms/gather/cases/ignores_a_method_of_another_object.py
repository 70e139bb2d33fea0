from dask.distributed import Client


async def compute(client: Client, futures):
    results = await client.gather(futures, asynchronous=True)
    return results
