import asyncio


async def deliver(mailer, directory, letter):
    receipt = await asyncio.wait_for(mailer.send(await directory.find(letter.to), letter), 20)
    return receipt
