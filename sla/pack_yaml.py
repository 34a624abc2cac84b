"""YAML as people write it for packs, read into plain items that remember their lines. Everything clever in YAML is refused.

Pure but for PyYAML. Anchors and aliases (a small file can unfold into gigabytes), tags, several documents, doubled keys and very deep or
very big files are mistakes, told with their line.
"""

from dataclasses import dataclass
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same answers, ten times as fast
MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a file: where, and a plain sentence that says what to do."""

    line: int
    path: str
    sentence: str

    def __str__(self):
        where = f"line {self.line}" if self.line else ""
        return ": ".join(filter(None, [where, self.path, self.sentence]))


class PackError(ValueError):
    """A pack or calendar file that cannot be used; `mistakes` holds all of them, in the order of the file."""

    def __init__(self, mistakes: list[Mistake]):
        self.mistakes = sorted(mistakes, key=lambda mistake: mistake.line)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True, slots=True)
class Item:
    """A value of a file with its line: a dict or list of items, or a plain value."""

    value: Any
    line: int = 0
    written: str = ""  # a plain value as it stands in the file


def read_yaml(source: str | bytes) -> Item:
    """Read one YAML document. Raises PackError for anything but plain mappings, lists and values."""
    text = _decoded(source)
    try:
        _refuse_tricks(text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise PackError([_syntax_mistake(error)]) from error
    if node is None:
        raise PackError([Mistake(1, "", "The file is empty.")])
    return _ItemReader().read_document(node)


def item_of(data: Any) -> Item:
    """Plain data (as `PolicyVersion.rules` keeps it) as items without lines."""
    if isinstance(data, dict):
        return Item({str(key): item_of(value) for key, value in data.items()})
    if isinstance(data, (list, tuple)):
        return Item([item_of(value) for value in data])
    return Item(data, written=str(data))


def data_of(item: Item) -> Any:
    """An item as plain data, ready for JSON."""
    if isinstance(item.value, dict):
        return {key: data_of(value) for key, value in item.value.items()}
    if isinstance(item.value, list):
        return [data_of(value) for value in item.value]
    return item.value


def _decoded(source):
    if len(source) > MAX_CHARACTERS:
        raise PackError([Mistake(0, "", f"The file is too big: at most {MAX_CHARACTERS:,} characters are read.")])
    try:
        text = source if isinstance(source, str) else source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise PackError([Mistake(line, "", "The file is not UTF-8 text.")]) from error
    if "\0" in text:
        raise PackError([Mistake(text[: text.index("\0")].count("\n") + 1, "", "The file holds a NUL character.")])
    return text


def _refuse_tricks(text):
    depth = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        trick = _trick(event, depth, documents)
        if trick:
            raise PackError([Mistake(event.start_mark.line + 1, "", trick)])


def _trick(event, depth, documents):
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "Anchors and aliases (& and *) are not allowed: write the text out."
    if getattr(event, "tag", None):
        return "Tags (!) are not allowed: write plain values."
    if depth > MAX_DEPTH:
        return "The file is nested too deeply."
    return "A file holds one document: take out the second '---'." if documents > 1 else ""


def _syntax_mistake(error):
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return Mistake(mark.line + 1 if mark else 0, "", f"This is not valid YAML: {problem}.")


class _ItemReader:
    """Turns YAML nodes into items and collects the mistakes on the way."""

    def __init__(self):
        self.mistakes = []
        self.scalars = yaml.SafeLoader("")

    def read_document(self, node):
        item = self.read(node, "")
        if self.mistakes:
            raise PackError(self.mistakes)
        return item

    def read(self, node, path):
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return Item(self.read_mapping(node, path), line)
        if isinstance(node, yaml.SequenceNode):
            return Item([self.read(child, f"{path}[{place}]") for place, child in enumerate(node.value, 1)], line)
        return self.read_scalar(node, path, line)

    def read_mapping(self, node, path):
        result = {}
        for key_node, value_node in node.value:
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            inner = f"{path}.{name}" if path else name
            if not name:
                self.mistakes.append(Mistake(key_node.start_mark.line + 1, path, "A field's name must be a plain word."))
            elif name in result:
                self.mistakes.append(Mistake(key_node.start_mark.line + 1, inner, "This field is written twice."))
            else:
                result[name] = self.read(value_node, inner)
        return result

    def read_scalar(self, node, path, line):
        # Only whole numbers and yes/no are more than text: dates, clock times and decimals stay as they are written.
        kind = node.tag.rpartition(":")[2]
        if kind == "int" and node.value.lstrip("-").isdecimal() and len(node.value) < 16:
            return Item(int(node.value), line, node.value)
        if kind == "bool":
            return Item(self.scalars.construct_yaml_bool(node), line, node.value)
        return Item(None if kind == "null" else node.value, line, node.value)
