import asyncio


class Client:
    async def rest(self):
        await asyncio.sleep(1)

    async def listed(self, number):
        future = asyncio.get_running_loop().create_future()
        self.waiting[number].append(future)
        return await future

    async def registered(self, number):
        future = asyncio.get_running_loop().create_future()
        self.register(number, future)
        return await future

    async def named(self, number):
        future = asyncio.Future()
        self.register(number, future=future)
        return await asyncio.wait_for(future, 3)

    async def in_a_tuple(self, number):
        future = asyncio.get_running_loop().create_future()
        await self.queue.put((number, future))
        return await future

    async def later(self):
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(1, future.set_result, None)
        return await future

    async def in_a_callback(self):
        future = asyncio.Future()

        def answered(result):
            future.set_result(result)

        self.callbacks.append(answered)
        return await future

    def new_future(self):
        return asyncio.get_running_loop().create_future()

    async def of_a_method(self, number):
        future = self.new_future()
        self.waiting[number] = (number, future)
        return await future

    async def in_a_list(self, numbers):
        futures = [asyncio.Future() for _ in numbers]
        self.waiting[0].extend(futures)
        for future in futures:
            await future

    async def main(self):
        await asyncio.gather(self.listed(1), self.rest())
        await asyncio.gather(self.registered(1), self.rest())
        await asyncio.gather(self.named(1), self.rest())
        await asyncio.gather(self.in_a_tuple(1), self.rest())
        await asyncio.gather(self.later(), self.rest())
        await asyncio.gather(self.in_a_callback(), self.rest())
        await asyncio.gather(self.of_a_method(1), self.rest())
        await asyncio.gather(self.in_a_list([1]), self.rest())
