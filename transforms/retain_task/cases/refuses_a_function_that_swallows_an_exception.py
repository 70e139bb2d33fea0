import asyncio
import logging


def connect(client):
    try:
        return asyncio.create_task(client.connect())
    except RuntimeError:
        logging.warning("no loop is running")


def reconnect(client):
    try:
        client.close()
    except OSError:
        pass
    else:
        return asyncio.create_task(client.connect())


def on_lost(client):
    reconnect(client)


def on_start(client):
    connect(client)
