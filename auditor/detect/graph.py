"""Who brings a package in: the shortest way from the project to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

_LONGEST = 32  # a hostile chain would cost memory in its square


class Graph:
    """Packages and what they ask for. Nodes are any names; `label` gives one the name that `parents` shows.

    Roots of the runtime (group "") are walked before the other groups, and those in the order in which they were named:
    a package that the product runs is never called a development one.
    """

    __slots__ = ("_edges", "_from", "_group", "_labels", "_roots")

    def __init__(self) -> None:
        self._edges: dict[str, list[str]] = {}
        self._roots: dict[str, list[str]] = {}
        self._labels: dict[str, str] = {}
        self._from: dict[str, str] | None = None
        self._group: dict[str, str] = {}

    def root(self, node: str, group: str = "") -> None:
        """The project itself asks for `node`."""
        self._roots.setdefault(group, []).append(node)

    def edge(self, parent: str, child: str) -> None:
        self._edges.setdefault(parent, []).append(child)

    def label(self, node: str, name: str) -> None:
        self._labels[node] = name

    def orphans_are_roots(self, nodes: Iterable[str]) -> None:
        """For a lock that does not name the project's own wishes: what nobody else asks for is one."""
        asked = {child for children in self._edges.values() for child in children}
        for node in nodes:
            if node not in asked:
                self.root(node)

    def parents(self, node: str) -> tuple[str, ...]:
        """The packages that bring `node` in, nearest first; empty for a direct one and for one that nothing reaches."""
        came = self._walked()
        path: list[str] = []
        while (node := came.get(node, "")) and len(path) < _LONGEST:
            path.append(self._labels.get(node, node))
        return tuple(path)

    def group(self, node: str) -> str:
        """The group through which the project reaches `node`; "" for the runtime, or when nothing reaches it."""
        self._walked()
        return self._group.get(node, "")

    def _walked(self) -> dict[str, str]:
        if self._from is None:
            came: dict[str, str] = {}
            for group in sorted(self._roots, key=bool):
                queue: deque[str] = deque()
                for node in self._roots[group]:
                    if node not in came:
                        came[node] = ""
                        self._group[node] = group
                        queue.append(node)
                while queue:
                    parent = queue.popleft()
                    for child in self._edges.get(parent, ()):
                        if child not in came:
                            came[child] = parent
                            self._group[child] = group
                            queue.append(child)
            self._from = came
        return self._from
