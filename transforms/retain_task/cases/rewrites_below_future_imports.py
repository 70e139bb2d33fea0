#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Order events – höflich verschickt."""
from __future__ import annotations

import asyncio


async def publish(queue: asyncio.Queue[str], text: str) -> None:
    await queue.put(text)


async def announce(queue: asyncio.Queue[str]) -> None:
    asyncio.create_task(publish(queue, "geöffnet"))
