import asyncio


async def ask(terminal):
    answer = await asyncio.wait_for(
        terminal.prompt("""
  Continue?
"""),  # three lines
        timeout=60,
    )
    return answer
