import asyncio


def make_handler(mailer):
    def confirm(order):
        return asyncio.create_task(mailer.confirm(order))

    async def handler(order):
        async def invoice():
            await order.close()
            return asyncio.create_task(mailer.invoice(order))

        confirm(order)
        await invoice()

    return handler
