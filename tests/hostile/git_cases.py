"""Repositories whose git data would run programs, lead elsewhere, or show other content than the commit's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from tests.collect.repos import commit, git, repository
from tests.hostile.case import SECRET, Case, Place

_GROUP = "git"
_SETTINGS = (
    "core.fsmonitor={evil}", "core.hooksPath={top}/hooks", "core.sshCommand={evil}", "core.pager={evil}",
    "core.editor={evil}", "core.askPass={evil}", "core.gitProxy={evil}", "core.alternateRefsCommand={evil}",
    "pager.ls-files={evil}", "pager.ls-tree={evil}", "pager.diff-index={evil}", "pager.cat-file={evil}",
    "credential.helper={evil}", "diff.external={evil}", "diff.evil.textconv={evil}", "diff.evil.command={evil}",
    "filter.evil.clean={evil}", "filter.evil.smudge={evil}", "filter.evil.process={evil}", "filter.evil.required=true",
    "merge.evil.driver={evil}", "gpg.program={evil}", "log.showSignature=true", "uploadpack.packObjectsHook={evil}",
    "alias.ls-files=!{evil}", "alias.ls-tree=!{evil}", "alias.cat-file=!{evil}", "alias.rev-parse=!{evil}",
    "alias.diff-index=!{evil}", "alias.for-each-ref=!{evil}", "protocol.allow=always", "protocol.ext.allow=always",
    "submodule.recurse=true", "core.untrackedCache=true", "gc.auto=1", "maintenance.auto=true",
)  # fmt: skip
_HOOKS = "post-index-change post-checkout reference-transaction fsmonitor-watchman pre-auto-gc pre-commit".split()


def _configured(place: Place) -> None:
    """A repository in which everything that git would run is the evil program. The application came with its last commit."""
    _trap(place, staged=False)


def _configured_staged(place: Place) -> None:
    """The same, with the application not yet committed."""
    _trap(place, staged=True)


def _trap(place: Place, *, staged: bool) -> None:
    repository(place.repo, {".gitattributes": "*.py filter=evil diff=evil merge=evil\n", "first.txt": ""})
    git(place.repo, "rm", "-q", "--cached", "app.py")
    git(place.repo, "commit", "-q", "--amend", "-m", "first")
    git(place.repo, "add", "app.py") if staged else commit(place.repo)
    for setting in _SETTINGS:
        key, _, value = setting.partition("=")
        git(place.repo, "config", key, value.format(evil=place.evil, top=place.top))
    for folder in (place.top / "hooks", place.repo / ".git/hooks"):
        folder.mkdir(exist_ok=True)
        for hook in _HOOKS:
            (folder / hook).write_bytes(place.evil.read_bytes())
            (folder / hook).chmod(0o755)
    os.utime(place.repo / "app.py", (1, 1))  # git's index no longer vouches for it


def _committed(place: Place) -> str:
    repository(place.repo, {})
    return git(place.repo, "rev-parse", "HEAD")


def _included(place: Place) -> None:
    _committed(place)
    (place.top / "more").write_text(f'[core]\n fsmonitor = {place.evil}\n[filter "x"]\n clean = {place.evil}\n')
    place.write(".gitattributes", "* filter=x\n")
    git(place.repo, "config", "include.path", str(place.top / "more"))


def _submodule(place: Place) -> None:
    """A module whose address and update would each run a program, and that is another repository on disk."""
    _committed(place)
    repository(place.outside, {})
    place.write(
        ".gitmodules",
        f'[submodule "x"]\n path = sub\n url = ext::{place.evil}\n update = !{place.evil}\n'
        '[submodule "../../evil"]\n path = sub2\n url = ../outside\n',
    )
    git(place.repo, "update-index", "--add", "--cacheinfo", f"160000,{git(place.outside, 'rev-parse', 'HEAD')},sub")
    git(place.repo, "add", ".gitmodules")
    git(place.repo, "commit", "-q", "-m", "module")
    git(place.repo, "config", "submodule.x.update", f"!{place.evil}")


def _promised(place: Place) -> None:
    """An object that is missing, with a remote that would be run to fetch it."""
    place.write("gone.py", "gone = 1\n")
    _committed(place)
    oid = git(place.repo, "rev-parse", "HEAD:gone.py")
    (place.repo / ".git/objects" / oid[:2] / oid[2:]).unlink()
    for key, value in {
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{place.evil} x",
        "remote.origin.uploadpack": str(place.evil),
        "protocol.ext.allow": "always",
        "core.repositoryFormatVersion": "1",
    }.items():
        git(place.repo, "config", key, value)


def _alternates(place: Place) -> None:
    """Objects of another repository, borrowed by a path: a commit names a file there by its hash."""
    repository(place.outside, {})
    stolen = git(place.outside, "rev-parse", "HEAD:secret.py")
    _committed(place)
    place.write(".git/objects/info/alternates", f"{place.outside}/.git/objects\n")
    git(place.repo, "update-index", "--add", "--cacheinfo", f"100644,{stolen},stolen.py")
    git(place.repo, "commit", "-q", "-m", "borrowed")


def _elsewhere(place: Place) -> None:
    """A `.git` file that names the repository of somebody else."""
    repository(place.outside, {})
    place.write(".git", f"gitdir: {place.outside}/.git\n")


def _link(place: Place) -> None:
    repository(place.outside, {})
    (place.repo / ".git").symlink_to(place.outside / ".git")


def _linked(place: Place) -> None:
    _alternates(place)
    (place.repo / ".git/objects/info/alternates").unlink()
    for pack in (place.outside / ".git/objects").iterdir():
        if len(pack.name) == 2 and not (place.repo / ".git/objects" / pack.name).exists():
            (place.repo / ".git/objects" / pack.name).symlink_to(pack)


def _common(place: Place) -> None:
    """A repository whose objects and names are declared to be somebody else's."""
    repository(place.outside, {})
    _committed(place)
    place.write(".git/commondir", f"{place.outside}/.git\n")
    place.write(".git/HEAD", "ref: refs/heads/main\n")


def _replaced(place: Place) -> None:
    """An object that git shows in place of another, so that the commit would look clean."""
    place.write("clean.py", "clean = 1\n")
    _committed(place)
    git(
        place.repo,
        "replace",
        git(place.repo, "rev-parse", "HEAD:app.py"),
        git(place.repo, "rev-parse", "HEAD:clean.py"),
    )


def _worktree(place: Place) -> None:
    _committed(place)
    git(place.repo, "config", "core.worktree", str(place.outside))


def _hidden(place: Place) -> None:
    """Attributes and exclusions that would hide what is tracked."""
    _committed(place)
    place.write(".gitattributes", "*.py -text export-ignore binary working-tree-encoding=UTF-16\n")
    place.write(".gitignore", "*\n")
    git(place.repo, "add", "-f", ".gitattributes", ".gitignore")
    git(place.repo, "commit", "-q", "-m", "hidden")
    git(place.repo, "update-index", "--assume-unchanged", "app.py")


def _names(place: Place) -> None:
    """A tree that lists what no tree may: ways out, and the repository's own data."""
    _committed(place)
    blob = git(place.repo, "hash-object", "-w", "--stdin", stdin=SECRET.encode())
    app = git(place.repo, "rev-parse", "HEAD:app.py")
    up = _tree(place, [("100644", "secret.py", blob)])
    outside = _tree(place, [("40000", "outside", up)])
    root = _tree(place, [("40000", "..", outside), ("40000", ".git", up), ("100644", "app.py", app)])
    git(place.repo, "update-ref", "refs/heads/evil", git(place.repo, "commit-tree", "-m", "x", root))


def _cases(place: Place) -> None:
    """Names that differ in case alone, which a disk may not tell apart."""
    _committed(place)
    app = git(place.repo, "rev-parse", "HEAD:app.py")
    blob = git(place.repo, "hash-object", "-w", "--stdin", stdin=b'pipeline(model="BAAI/bge-m3")\n')
    listed = [("100644", "APP.py", blob), ("100644", "App.py", blob), ("100644", "app.py", app)]
    git(place.repo, "update-ref", "refs/heads/evil", git(place.repo, "commit-tree", "-m", "x", _tree(place, listed)))


def _tree(place: Place, records: list[tuple[str, str, str]]) -> str:
    raw = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for mode, name, oid in records)
    return git(place.repo, "hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=raw)


def _unfolding(place: Place) -> None:
    """A tree of trees that lists ten thousand million files, in ten objects."""
    _committed(place)
    inner, mode = git(place.repo, "rev-parse", "HEAD:app.py"), "100644"
    for _ in range(10):
        inner, mode = _tree(place, [(mode, f"d{i}", inner) for i in range(10)]), "40000"
    git(place.repo, "update-ref", "refs/heads/evil", git(place.repo, "commit-tree", "-m", "bomb", inner))


def _unreadable(place: Place) -> None:
    """git data that are no git data."""
    _committed(place)
    place.write(".git/index", b"DIRC\0\0\0\x02\xff\xff\xff\xff" + bytes(64))


def _broken_config(place: Place) -> None:
    _committed(place)
    place.write(".git/config", b"[core\n\x1b]0;evil\x07" + b"[" * 100_000)


def _pipes(place: Place) -> None:
    _committed(place)
    (place.repo / ".git/config").unlink()
    os.mkfifo(place.repo / ".git/config")


def _program(place: Place) -> None:
    """A program called git in the audited folder, and one that would be imported."""
    _committed(place)
    for name in ("git", "ssh", "sitecustomize.py", "click.py", "conftest.py", "usercustomize.py", "yaml/__init__.py"):
        code = f"import pathlib\npathlib.Path({str(place.trace)!r}).write_text('ran')\n"
        place.write(name, code if name.endswith(".py") else place.evil.read_bytes())
        (place.repo / name).chmod(0o755)


def _nothing(place: Place) -> None:
    return


def _ways(name: str, build: Callable[[Place], object], *gaps: tuple[str, str]) -> Iterator[Case]:
    """The same repository as a work tree and as a revision."""
    yield Case(_GROUP, name, build, gaps)
    yield Case(_GROUP, f"{name}, --rev", build, gaps, ("{}/repo", "--rev", "HEAD"))


def _led_away(name: str, build: Callable[[Place], object], why: str) -> Iterator[Case]:
    """Data of somebody else: the work tree is read without them, and no revision."""
    yield Case(_GROUP, name, build, ((".", "git-unreadable"),))
    yield Case(_GROUP, f"{name}, --rev", build, arguments=("{}/repo", "--rev", "HEAD"), refused=why)


_EVIL = ("{}/repo", "--rev", "evil")
CASES: tuple[Case, ...] = (
    *_ways("every setting, hook, filter, alias that runs a program", _configured),
    Case(_GROUP, "the same, --staged", _configured_staged, arguments=("{}/repo", "--staged")),
    Case(_GROUP, "the same, --since", _configured, arguments=("{}/repo", "--since", "HEAD~1")),
    *_ways("a configuration included from elsewhere", _included),
    *_ways("a submodule whose address runs a program", _submodule, ("sub", "submodule")),
    Case(
        _GROUP, "a missing object whose remote is a program", _promised, (("gone.py", "missing-object"),),
        arguments=("{}/repo", "--rev", "HEAD"),
    ),
    *_led_away("objects borrowed from another repository", _alternates, "borrows the objects"),
    *_led_away("objects linked to those of another repository", _linked, "borrows the objects"),
    *_led_away("a .git file that names another repository", _elsewhere, "names the data"),
    *_led_away("a .git that is a link to another repository", _link, "names the data"),
    *_led_away("another repository's data declared to be its own", _common, "names the data"),
    *_ways("an object replaced by a clean one", _replaced),
    *_ways("a work tree said to lie elsewhere", _worktree),
    *_ways("attributes and exclusions that hide what is tracked", _hidden),
    Case(_GROUP, "a tree with ways out of itself", _names, ((".git/secret.py", "unsafe-path"), ("../outside/secret.py", "unsafe-path")), _EVIL),
    Case(_GROUP, "names that differ in case alone", _cases, arguments=_EVIL, also=("BAAI/bge-m3",)),
    Case(_GROUP, "a tree that unfolds to ten thousand million files", _unfolding, arguments=_EVIL, refused="lists more than"),
    Case(_GROUP, "an index that is none", _unreadable, ((".", "git-unreadable"),)),
    Case(_GROUP, "a configuration that is none", _broken_config, ((".", "git-unreadable"),)),
    Case(_GROUP, "a pipe for a configuration", _pipes, ((".", "git-unreadable"),)),
    *_ways("programs called git, ssh and sitecustomize.py", _program),
    Case(_GROUP, "an address ext::", _nothing, arguments=("ext::{}/evil x",), refused="names a helper program"),
    Case(_GROUP, "an address that is an option", _nothing, arguments=("--", "--upload-pack={}/evil"), refused="no such target"),
    Case(_GROUP, "an ssh address whose host is an option", _nothing, arguments=("ssh://-oProxyCommand={}/evil/x",), refused="not an address"),
    Case(_GROUP, "a scheme that is another helper", _nothing, arguments=("fd://7/x",), refused="is not read"),
    Case(_GROUP, "a revision that is an option", _committed, arguments=("{}/repo", "--rev=--output={}/ran"), refused="no such revision"),
)  # fmt: skip
