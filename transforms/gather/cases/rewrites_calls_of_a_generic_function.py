# asyncmend: --target-version 3.9 --set gather.style=helper
import asyncio
from typing import TypeVar

Model = TypeVar("Model")


class User:
    name: str = ""


class Group:
    size: int = 0


async def fetch(kind: type[Model], key: int) -> Model:
    return kind()


async def load() -> tuple[str, int]:
    user, group = await asyncio.gather(fetch(User, 1), fetch(Group, 2))
    return user.name, group.size
