from shop.log import logger


def place_order(order):
    logger.info("order %s", order.id)
