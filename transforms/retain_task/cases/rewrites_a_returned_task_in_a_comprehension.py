import asyncio


def crawl(site):
    return asyncio.create_task(site.crawl())


def crawl_all(sites):
    [crawl(site) for site in sites]
    [crawl(page) for site in sites if site.is_open for page in site.pages]
