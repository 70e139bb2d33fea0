import asyncio
import os

if os.environ.get("METRICS_BATCHED"):

    def report(metrics):
        return asyncio.create_task(metrics.report_later())

else:

    def report(metrics):
        return asyncio.create_task(metrics.report())


async def on_request(metrics, request):
    report(metrics)
    return await request.answer()
