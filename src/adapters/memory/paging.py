from typing import TypeVar

from application.shared.page import Page, PageRequest

T = TypeVar("T")


def page_of(items: list[T], page: PageRequest) -> Page[T]:
    return Page(len(items), items[page.offset : page.offset + page.size])
