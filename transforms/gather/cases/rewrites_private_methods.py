import asyncio


class Session:
    async def __open_socket(self):
        await asyncio.sleep(0)

    async def __load_token(self):
        await asyncio.sleep(0)
        return "token"

    async def open(self):
        _, token = await asyncio.gather(self.__open_socket(), self.__load_token())
        return token
