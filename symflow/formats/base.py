"""What a format is: one method for each kind of block, and how the blocks are joined."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, assert_never

from symflow.registry import Registry
from symflow.reports.document import (
    Answer,
    Block,
    Display,
    Document,
    Facts,
    Heading,
    Paragraph,
    Statement,
    Table,
    Title,
)

FORMATS: Registry[type[AbstractFormat]] = Registry("format", "symflow.formats")


class AbstractFormat(ABC):
    """One way to print a document.

    Examples
    --------
    >>> FORMATS.find("plain_text").name
    'plain_text'
    """

    name: ClassVar[str]

    def document(self, document: Document) -> str:
        """Return the whole document."""
        return self.joined([self.block(block) for block in document.blocks])

    def block(self, block: Block) -> str:
        """Return one block, without what separates it from its neighbours."""
        match block:
            case Title():
                return self.title(block)
            case Answer():
                return self.answer(block)
            case Display():
                return self.display(block)
            case Facts():
                return self.facts(block)
            case Table():
                return self.table(block)
            case Paragraph():
                return self.paragraph(block)
            case Heading():
                return self.heading(block)
            case Statement():
                return self.statement(block)
            case _:
                assert_never(block)

    @abstractmethod
    def joined(self, blocks: list[str]) -> str:
        """Return the blocks as one text."""

    @abstractmethod
    def title(self, block: Title) -> str:
        """Return the line that names the problem."""

    @abstractmethod
    def answer(self, block: Answer) -> str:
        """Return the answer with its verdict."""

    @abstractmethod
    def display(self, block: Display) -> str:
        """Return equations aligned at their signs."""

    @abstractmethod
    def facts(self, block: Facts) -> str:
        """Return labels and what is said under them."""

    @abstractmethod
    def table(self, block: Table) -> str:
        """Return a table, long ones folded."""

    @abstractmethod
    def paragraph(self, block: Paragraph) -> str:
        """Return running text."""

    @abstractmethod
    def heading(self, block: Heading) -> str:
        """Return a heading."""

    @abstractmethod
    def statement(self, block: Statement) -> str:
        """Return a proposition with its proof."""
