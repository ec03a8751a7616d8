"""Build the snapshot: tables of facts, checked and merged, to the text form that is reviewed and shipped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.domain.model import Relation
from auditor.errors import SnapshotError
from auditor.resolve.tables import COLUMNS, FORMAT, MANIFEST, SOURCES, digest_of, read_table, write_sources, write_table
from auditor.resolve.trust import RANK, SEPARATOR, Trust, notes_of

_ID = re.compile(r"[A-Za-z0-9][\w.\-]*/[\w.\-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. *Shape*: `dropped` and `problems` sorted; problems do not stop a build, they are for review."""

    digest: str
    models: int
    edges: int
    aliases: int
    dangling: int  # parents that are not in the model table: kept, as names of which no more is known
    dropped: tuple[tuple[str, int], ...]
    problems: tuple[str, ...]


def build(tables: Path, out: Path, *, built: str) -> Built:
    """Write the text form of the tables in a folder, with its manifest. *Raises*: SnapshotError.

    `built` is the ISO date that the snapshot carries: an argument, so that the same tables give the same bytes.
    """
    notes = notes_of(tables, out)
    trust = Trust(notes)
    spelling = _Spelling()
    dropped: Counter[str] = Counter()
    # Read twice rather than held: the tables of the whole Hub do not fit beside what is made of them.
    written = Counter(name for table in ("edges", "aliases") for row in _rows(tables, table) for name in row.values())
    models = _models(_rows(tables, "models"), written, trust, spelling, dropped)
    del written
    edges = _one_base(_edges(_rows(tables, "edges"), trust, spelling, dropped), models, dropped)
    aliases = _vouched(_aliases(_rows(tables, "aliases"), trust, spelling, dropped), models, dropped)
    out.mkdir(parents=True, exist_ok=True)
    files = [
        (f"{table}.tsv.gz", len(rows), write_table(out / f"{table}.tsv.gz", COLUMNS[table], rows))
        for table, rows in (("models", models), ("edges", edges), ("aliases", aliases))
    ]
    files.append((SOURCES, len(trust.entries), write_sources(out / SOURCES, notes)))
    digest = digest_of(files)
    (out / MANIFEST).write_text(_manifest(digest, built, files, trust, (models, edges, aliases)), encoding="utf-8")
    known = {row[0] for row in models}
    dangling = len({row[2] for row in edges} - known)
    return Built(
        digest, len(models), len(edges), len(aliases), dangling, tuple(sorted(dropped.items())), tuple(cycles(edges))
    )


class _Spelling:
    """One way of writing each id: that of the model table, where the most sources agree on it."""

    def __init__(self) -> None:
        self._canonical: dict[str, str] = {}

    def settle(self, name: str) -> None:
        self._canonical.setdefault(name.casefold(), name)

    def of(self, name: str) -> str:
        return self._canonical.setdefault(name.casefold(), name)


def _rows(tables: Path, table: str) -> Iterator[dict[str, str]]:
    for name in (f"{table}.tsv.gz", f"{table}.tsv"):
        if (tables / name).is_file():
            return read_table(tables / name)
    raise SnapshotError(f"table {table}.tsv.gz is missing", hint="a folder with models, edges and aliases is needed")


def _models(
    rows: Iterable[dict[str, str]], written: Counter[str], trust: Trust, spelling: _Spelling, dropped: Counter[str]
) -> list[tuple[str, ...]]:
    best: dict[str, tuple[tuple[int, int, int], tuple[str, ...]]] = {}
    for row in rows:
        name = row.get("id") or row.get("model_id", "")
        source, _ = trust.kept(row["source"])
        if not _ID.fullmatch(name):
            dropped["models: malformed id"] += 1
        elif not source:
            dropped["models: source not shipped"] += 1
        else:
            downloads = row.get("downloads", "")
            task = row.get("task") or row.get("pipeline_tag", "")
            # Of two spellings: the one that is downloaded, else the one that others write.
            rank = (int(downloads or 0), written[name], source.count(SEPARATOR))
            made: tuple[str, ...] = (name, downloads, "" if task == "N/A" else task, row.get("license", ""), source)
            key = name.casefold()
            if key in best:
                dropped["models: same id in another case"] += 1
            if key not in best or rank > best[key][0]:
                best[key] = (rank, made)
    kept = sorted(made for _, made in best.values())
    for made in kept:
        spelling.settle(made[0])
    return kept


def _edges(
    rows: Iterable[dict[str, str]], trust: Trust, spelling: _Spelling, dropped: Counter[str]
) -> list[tuple[str, ...]]:
    best: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in rows:
        child, parent = row.get("child") or row.get("child_id", ""), row.get("parent") or row.get("parent_id", "")
        relation = trust.relations.get(row["relation"], row["relation"])
        source, confidence = trust.kept(row["source"], "edges")
        if not _ID.fullmatch(child) or not _ID.fullmatch(parent):
            dropped["edges: malformed id"] += 1
        elif child.casefold() == parent.casefold():
            dropped["edges: a model as its own parent"] += 1
        elif not source:
            dropped["edges: source not shipped"] += 1
        elif relation not in set(Relation):
            dropped[f"edges: relation {relation!r} not in the vocabulary"] += 1
        elif (child.casefold(), parent.casefold()) in trust.wrong:
            dropped["edges: known to be wrong"] += 1
        else:
            key = (spelling.of(child), relation, spelling.of(parent))
            before = best.get(key, (*key, "low", ""))
            sure = max(before[3], confidence, key=lambda c: RANK[c])
            best[key] = (*key, sure, _joined(before[4], source))
    return sorted(best.values())


def _joined(one: str, other: str) -> str:
    return SEPARATOR.join(sorted({name for name in (*one.split(SEPARATOR), *other.split(SEPARATOR)) if name}))


def _one_base(
    edges: list[tuple[str, ...]], models: list[tuple[str, ...]], dropped: Counter[str]
) -> list[tuple[str, ...]]:
    """Repackaged weights come from one model: of several bases paired by name alone, the one that people use.

    Where a surer source states a base, what was paired by name goes; what several sure sources state all stays.
    """
    downloads = {row[0]: int(row[1] or 0) for row in models}
    bases: dict[str, list[tuple[str, ...]]] = {}
    for edge in edges:
        if not Relation(edge[1]).changes_weights:
            bases.setdefault(edge[0], []).append(edge)
    gone: set[tuple[str, ...]] = set()
    for stated in bases.values():
        surest = max(RANK[edge[3]] for edge in stated)
        kept = [edge for edge in stated if RANK[edge[3]] == surest]
        if surest < RANK["high"] and len(kept) > 1:
            kept = [max(kept, key=lambda edge: (downloads.get(edge[2], 0), edge[2]))]
        gone.update(edge for edge in stated if edge not in kept)
    dropped["edges: another base paired by name"] += len(gone)
    return [edge for edge in edges if edge not in gone]


def _aliases(
    rows: Iterable[dict[str, str]], trust: Trust, spelling: _Spelling, dropped: Counter[str]
) -> list[tuple[str, ...]]:
    best: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in rows:
        hub_id = row.get("hub_id") or row.get("hf_id", "")
        scheme, alias = _scheme(row["scheme"], row["alias"])
        source, _ = trust.kept(row["source"], "aliases")
        if not _ID.fullmatch(hub_id) or not alias:
            dropped["aliases: malformed id"] += 1
        elif row["scheme"] in trust.unusable:
            dropped["aliases: table cannot be looked up by"] += 1
        elif not source:
            dropped["aliases: source not shipped"] += 1
        elif scheme in ("", "huggingface") and alias.casefold() == hub_id.casefold():
            dropped["aliases: identity"] += 1
        else:
            confidence = _paired(row["source"], trust)
            key = (scheme, alias.casefold(), spelling.of(hub_id))
            before = best.get(key, ("", alias, "", "low", ""))
            sure = max(before[3], confidence, key=lambda c: RANK[c])
            said = _joined(before[4], source.replace("#verbatim", ""))
            best[key] = (scheme, min(before[1], alias), key[2], sure, said)
    return sorted(best.values())


def _paired(source: str, trust: Trust) -> str:
    """How sure a pair is: that of the surest source, and what was paired by name alone is less sure."""
    levels = ["low"]
    for one in source.split(SEPARATOR):
        _, stated = trust.kept(one, "aliases")
        if "#name-matched-ambiguous" in one:
            stated = "low"
        elif "#name-matched" in one:
            stated = "medium"
        levels.append(stated or "low")
    return max(levels, key=lambda level: RANK[level])


def _vouched(
    aliases: list[tuple[str, ...]], models: list[tuple[str, ...]], dropped: Counter[str]
) -> list[tuple[str, ...]]:
    """Without the providers' slugs that only look like Hub ids: no table of models has met them."""
    known = {row[0] for row in models}
    kept = [
        a for a in aliases if a[2] in known or not a[0].startswith("provider:") or a[1].casefold() != a[2].casefold()
    ]
    dropped["aliases: a provider's own slug, no known model"] += len(aliases) - len(kept)
    return kept


def _scheme(scheme: str, alias: str) -> tuple[str, str]:
    """Providers' slugs in one form: `provider:x` and the name without the router's own prefix."""
    for form in ("litellm:", "provider-prefix:"):
        if scheme.startswith(form):
            provider = scheme.removeprefix(form)
            return f"provider:{provider}", alias.removeprefix(f"{provider}/")
    return scheme, alias


def cycles(edges: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Every model that is its own ancestor, once a cycle: walks survive them, a reviewer should see them."""
    parents: dict[str, list[str]] = {}
    for child, _, parent, *_ in edges:
        parents.setdefault(child, []).append(parent)
    done: set[str] = set()
    for start in sorted(parents):
        path: list[str] = []
        stack = [(start, 0)]
        while stack:
            name, depth = stack.pop()
            del path[depth:]
            if name in path:
                yield "cycle: " + " -> ".join([*path[path.index(name) :], name])
                continue
            if name in done:
                continue
            done.add(name)
            path.append(name)
            stack.extend((parent, depth + 1) for parent in sorted(parents.get(name, ()), reverse=True))


def _manifest(
    digest: str,
    built: str,
    files: list[tuple[str, int, str]],
    trust: Trust,
    tables: tuple[list[tuple[str, ...]], ...],
) -> str:
    rows: Counter[str] = Counter()
    for table in tables:
        for row in table:
            rows.update({one.split("#")[0].split(":", 2)[0] + ":" + _package(one) for one in row[-1].split(SEPARATOR)})
    lines = [
        "# Generated by `auditor snapshot build`; do not edit.",
        f"format = {FORMAT}",
        f'digest = "{digest}"',
        f"built = {built!r}".replace("'", '"'),
        "",
    ]
    for name, count, sha in files:
        lines += ["[[file]]", f'name = "{name}"', f"rows = {count}", f'sha256 = "{sha}"', ""]
    for source, count in sorted(rows.items()):
        entry = trust.entry(source) or {}
        lines += ["[[source]]", f'name = "{source}"', f'license = "{entry.get("license", "")}"', f"rows = {count}", ""]
    return "\n".join(lines)


def _package(source: str) -> str:
    """`github:owner/name@commit:path` to `owner/name@commit`, `pypi:name==1` to `name==1`."""
    return source.split("#", maxsplit=1)[0].split(":")[1]
