from shop.log import report_failure


async def place_order(order, app):
    app.create_task(order.confirm()).add_done_callback(report_failure)
