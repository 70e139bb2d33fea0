# asyncmend: --target-version 3.12 --set types-are-checked=true
import asyncio


async def text(number: int) -> str:
    await asyncio.sleep(0)
    return str(number)


async def length(name: str) -> int:
    await asyncio.sleep(0)
    return len(name)


class Page:
    parts: tuple[str, int]

    async def load(self) -> None:
        self.parts = await asyncio.gather(text(1), length("a"))

    async def both(self) -> tuple[str, str]:
        return await asyncio.gather(text(1), text(2))


async def annotated() -> int:
    parts: tuple[str, int] = await asyncio.gather(text(1), length("a"))
    return parts[1]


async def of_two_types() -> int:
    parts = await asyncio.gather(text(1), length("a"))
    return parts[1]


async def of_one_type() -> str:
    parts = await asyncio.gather(text(1), text(2))
    return "".join(parts)


async def each_for_itself() -> int:
    name, size = await asyncio.gather(text(1), length("a"))
    return size + len(name)


async def of_a_list(numbers: list[int]) -> list[str]:
    return await asyncio.gather(*[text(number) for number in numbers])
