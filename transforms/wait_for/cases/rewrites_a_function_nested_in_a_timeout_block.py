import asyncio


async def serve(peer, limit):
    async with asyncio.timeout(30):

        async def answer(question):
            return await asyncio.wait_for(peer.ask(question), limit)

        peer.on_question(answer)
