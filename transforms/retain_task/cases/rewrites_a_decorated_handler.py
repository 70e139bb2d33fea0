import asyncio

from shop.web import app, login_required


@app.post("/orders/{number}")
@login_required
async def ship_order(request, number):
    asyncio.create_task(app.carrier.ship(number))
    return {"status": "accepted"}
