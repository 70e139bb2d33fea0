import asyncio


async def provision(cloud, name):
    machine = await asyncio.wait_for(
        cloud.create_machine(
            name,
            image="debian-12",
            size="small",
        ),
        timeout=600,
    )
    return machine
