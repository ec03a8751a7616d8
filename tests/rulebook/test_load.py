"""Rules are read strictly: a bad one is refused with its place, and a kept copy never decides what is true."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from auditor.domain.model import Relation, Weights
from auditor.domain.reference import Confidence
from auditor.errors import RuleError
from auditor.rulebook import cache
from auditor.rulebook.load import load, shipped
from auditor.rulebook.types import Example, Reads, Rulebook

SOURCE = 'source = "https://example.com/doc"\nas-of = 2026-11-01\n'
ACME = f'[[publisher]]\nid = "acme"\nname = "Acme"\nkind = "developer"\nhub = ["acme"]\n{SOURCE}hit = ["acme/x"]\nmiss = ["acme-fans/x"]\n'
FAMILY = (
    '[[family]]\nid = "family-acme"\nname = "Acme LM"\npublisher = "acme"\nweights = "open"\nnames = ["acme-[0-9]b"]\n'
    f'{SOURCE}hit = ["acme-7b"]\nmiss = ["acmeist"]\n'
)
CALL = (
    '[[call]]\nid = "py-acme"\nlanguages = ["python"]\ncallee = ["acme.load"]\nposition = 0\nnames = "hub"\n'
    f'{SOURCE}hit = [{{ code = "acme.load(1)", finds = ["x/y"] }}]\nmiss = ["acme.dump()"]\n'
)

COMMAND = (
    '[[command]]\nid = "acme-serve"\nwords = ["acme", "serve"]\nflags = ["--model"]\nnames = "hub"\n'
    f'{SOURCE}hit = ["acme serve --model x/y"]\nmiss = ["acme stop"]\n'
)
REGISTRY = (
    '[[registry]]\nid = "acme-hub"\nscheme = "huggingface"\nprefixes = ["https://hub.acme.example/"]\nparts = 2\n'
    f'{SOURCE}hit = ["https://hub.acme.example/x/y"]\nmiss = ["https://acme.example/x/y"]\n'
)
PACKAGE = (
    '[[package]]\nid = "pypi-acme"\necosystem = "pypi"\nname = "acme"\ndefault = [{ model = "x/y" }]\n'
    f'{SOURCE}hit = [{{ version = "1.0", finds = ["x/y"] }}]\nmiss = ["0.1"]\n'
)
STACK = (
    '[[stack]]\nid = "acme-stack"\nname = "Acme"\nvendor = "acme"\npackages = ["pypi:acme"]\n'
    f'{SOURCE}hit = ["pypi:acme"]\nmiss = ["pypi:acmeist"]\n'
)
FLAG = (
    '[[flag]]\nid = "acme-flag"\nflag = "licence"\nsubject = "Acme"\nnote = "n"\nlicenses = ["acme-1.0"]\n'
    f'{SOURCE}hit = ["acme-1.0"]\n'
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return folder


def refusal(rules: Path, text: str) -> RuleError:
    (rules / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load(rules)
    return caught.value


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "auditor" / "rules").glob("*.pickle"))


# What a bad rule is told: file, rule id and field


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ACME.replace("name =", "nmae ="), ["bad.toml", "'acme'", "'name'", "is missing"]),
        (ACME.replace('kind = "developer"', 'kind = "dev"'), ["'acme'", "'kind'", "not one of developer"]),
        (ACME.replace('id = "acme"', 'id = "Acme_1"'), ["bad.toml", "'id'", "kebab-case"]),
        (ACME.replace('id = "acme"\n', ""), ["bad.toml", "'id'", "is missing"]),
        (ACME.replace('"https://example.com/doc"', '"http://example.com"'), ["'acme'", "'source'", "is not a source"]),
        (ACME.replace("2026-11-01", '"last week"'), ["'acme'", "'as-of'", "date"]),
        (ACME.replace('hit = ["acme/x"]\n', ""), ["'acme'", "'hit'", "is missing"]),
        (ACME.replace('miss = ["acme-fans/x"]\n', ""), ["'acme'", "'miss'", "is missing"]),
        (ACME.replace('hub = ["acme"]', 'hub = "acme"'), ["'acme'", "'hub'", "list of texts"]),
        (ACME.replace('hub = ["acme"]', 'hub = ["a", "a"]'), ["'acme'", "'hub'", "repeats itself"]),
        (ACME.replace('hub = ["acme"]\n', ""), ["'acme'", "'hub'", "known by an organisation"]),
        (ACME + "pretrains = 1\n", ["'acme'", "'pretrains'", "true or false"]),
        (
            ACME + 'claim = [{ country = "China", source = "unverified", as-of = 2026-11-01 }]\n',
            ["claim[0].country", "ISO 3166"],
        ),
        (
            ACME + 'claim = [{ country = "CN", source = "memory", as-of = 2026-11-01 }]\n',
            ["claim[0].source", "is not a source"],
        ),
        (
            ACME + 'claim = [{ country = "CN", basis = "feeling", source = "unverified", as-of = 2026-11-01 }]\n',
            ["claim[0].basis"],
        ),
        (
            ACME + FAMILY.replace('weights = "open"', 'weights = "ajar"'),
            ["'family-acme'", "'weights'", "open, closed, unknown"],
        ),
        (ACME + FAMILY.replace("acme-[0-9]b", "acme-[0-9b"), ["'family-acme'", "'names'", "does not compile"]),
        (
            ACME + FAMILY.replace("acme-[0-9]b", "(?:acme-?)+(?:[a-z]+-)*"),
            ["'family-acme'", "'names'", "already repeats"],
        ),
        (ACME + CALL.replace("position = 0\n", ""), ["'py-acme'", "'position'", "keywords"]),
        (ACME + CALL.replace("position = 0", 'position = "first"'), ["'py-acme'", "'position'", "whole number"]),
        (ACME + CALL.replace('names = "hub"', 'names = "web"'), ["'py-acme'", "'names'", "hub, api, ollama, any"]),
        (ACME + CALL.replace("code =", "cod ="), ["'py-acme'", "hit[0].text"]),
        (ACME.replace('name = "Acme"', 'name = ""'), ["'acme'", "'name'", "must not be empty"]),
        (ACME.replace('name = "Acme"', "name = 7"), ["'acme'", "'name'", "must be text"]),
        (ACME + "claim = [7]\n", ["claim[0]", "must be a table"]),
        (ACME.replace('hit = ["acme/x"]', 'hit = "acme/x"'), ["'acme'", "'hit'", "must be a list"]),
        (ACME + CALL.replace('["acme.load"]', "[]"), ["'py-acme'", "'callee'", "must not be empty"]),
        (COMMAND.replace('flags = ["--model"]\n', ""), ["'acme-serve'", "'position'", "flags"]),
        (REGISTRY.replace("parts = 2", "parts = 0"), ["'acme-hub'", "'parts'", "at least 1"]),
        (PACKAGE.replace('default = [{ model = "x/y" }]\n', ""), ["'pypi-acme'", "'default'", "is missing"]),
        (ACME + STACK.replace("pypi:acme", "acme"), ["'acme-stack'", "'packages'", "ecosystem:name"]),
        (FLAG.replace('licenses = ["acme-1.0"]\n', ""), ["'acme-flag'", "'publishers'", "what the flag is about"]),
        ('[[publishers]]\nid = "acme"\n', ["bad.toml", "'publishers'", "is not known"]),
        ("[[publisher]\n", ["bad.toml", "is not TOML"]),
        ("publisher = 1\n", ["bad.toml", "'publisher'", "list of tables"]),
    ],
)
def test_a_bad_rule_is_refused_with_its_place(rules: Path, text: str, told: list[str]) -> None:
    message = refusal(rules, text).message
    assert [part for part in told if part not in message] == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (ACME + "pre-trains = true\n", "did you mean 'pretrains'?"),
        (ACME.replace('"developer"', '"developr"'), "did you mean 'developer'?"),
        (ACME.replace("name =", "nmae ="), "did you mean 'name' where it says 'nmae'?"),
        (ACME + FAMILY.replace('publisher = "acme"', 'publisher = "acne"'), "did you mean 'acme'?"),
        (ACME + FAMILY + 'confidence = "hihg"\n', "did you mean 'high'?"),
    ],
)
def test_a_slip_of_the_pen_is_recognised(rules: Path, text: str, hint: str) -> None:
    assert refusal(rules, text).hint == hint


def test_an_id_is_taken_once_over_all_kinds(rules: Path) -> None:
    (rules / "a.toml").write_text(ACME + FAMILY, encoding="utf-8")
    message = refusal(rules, CALL.replace("py-acme", "family-acme")).message
    assert "'family-acme'" in message
    assert "taken by a family in a.toml" in message


def test_a_provider_may_bear_its_makers_name(rules: Path) -> None:
    provider = f'[[provider]]\nid = "acme"\nname = "Acme API"\nfirst-party = "acme"\nhosts = ["api.acme.example"]\n{SOURCE}hit = ["https://api.acme.example"]\nmiss = ["https://acme.example"]\n'
    (rules / "a.toml").write_text(ACME + provider, encoding="utf-8")
    assert [p.first_party for p in load(rules).providers] == ["acme"]


def test_an_organisation_has_one_owner(rules: Path) -> None:
    other = ACME.replace('id = "acme"', 'id = "acme-two"').replace('hub = ["acme"]', 'hub = ["ACME"]')
    assert "takes 'ACME' from 'acme'" in refusal(rules, ACME + other).message


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (FAMILY, "publisher"),
        (
            f'[[model]]\nid = "m"\nmodel = "x/y"\npublisher = "nobody"\n{SOURCE}hit = ["x/y"]\nmiss = ["x/z"]\n',
            "publisher",
        ),
        (
            f'[[provider]]\nid = "p"\nname = "P"\nfirst-party = "nobody"\n{SOURCE}hit = ["p"]\nmiss = ["q"]\n',
            "first-party",
        ),
        (
            f'[[stack]]\nid = "s"\nname = "S"\nvendor = "nobody"\npackages = ["pypi:s"]\n{SOURCE}hit = ["s"]\nmiss = ["t"]\n',
            "vendor",
        ),
        (
            f'[[flag]]\nid = "f"\nflag = "list"\nsubject = "S"\nnote = "n"\npublishers = ["nobody"]\n{SOURCE}hit = ["f"]\n',
            "publishers",
        ),
    ],
)
def test_whoever_a_rule_names_exists(rules: Path, text: str, field: str) -> None:
    message = refusal(rules, text).message
    assert f"field {field!r} names no publisher" in message


def test_a_jurisdiction_agrees_with_its_own_examples(rules: Path) -> None:
    text = (
        '[[jurisdiction]]\nid = "j"\nname = "J"\nadjective = "J"\ncountries = ["CN"]\nbases = ["headquarters"]\n'
        f'counted = ["root"]\n{SOURCE}hit = ["CN"]\nmiss = ["TW"]\n'
    )
    (rules / "a.toml").write_text(text, encoding="utf-8")
    assert [j.countries for j in load(rules).jurisdictions] == [("CN",)]
    (rules / "a.toml").unlink()
    assert "'j'" in refusal(rules, text.replace('miss = ["TW"]', 'miss = ["CN"]')).message


def test_a_closed_family_names_an_api_that_exists(rules: Path) -> None:
    assert "names no provider: 'acmee'" in refusal(rules, ACME + FAMILY + 'provider = "acmee"\n').message


# What a good rule becomes


def test_an_unverified_source_never_counts_as_more_than_low(rules: Path) -> None:
    claim = 'claim = [{ country = "CN", confidence = "high", source = "unverified", as-of = 2026-11-01 }]\n'
    (rules / "a.toml").write_text(ACME + claim, encoding="utf-8")
    (found,) = load(rules).publishers[0].publisher.claims
    assert found.confidence is Confidence.LOW


def test_examples_are_texts_or_tables_with_what_they_yield(rules: Path) -> None:
    (rules / "calls").mkdir()
    (rules / "calls" / "python.toml").write_text(CALL, encoding="utf-8")
    (call,) = load(rules).calls
    assert call.origin.hit == (Example("acme.load(1)", ("x/y",)),)
    assert call.origin.miss == (Example("acme.dump()"),)
    assert (call.reads, call.confidence) == (Reads.WEIGHTS, Confidence.HIGH)


def test_a_curated_record_carries_its_parents_with_the_rules_source(rules: Path) -> None:
    text = (
        f'[[model]]\nid = "m"\nmodel = "x/y"\nweights = "open"\n{SOURCE}hit = ["x/y"]\nmiss = ["x/z"]\n'
        'parents = [{ model = "base/b", relation = "finetune", confidence = "medium" }]\n'
    )
    (rules / "models.toml").write_text(text, encoding="utf-8")
    (rule,) = load(rules).models
    (edge,) = rule.record.parents
    assert (edge.child, edge.parent, edge.relation) == ("x/y", "base/b", Relation.FINETUNE)
    assert (edge.evidence.url, edge.evidence.as_of) == ("https://example.com/doc", "2026-11-01")
    assert rule.record.weights is Weights.OPEN


def test_a_root_has_no_parent_that_it_was_trained_from(rules: Path) -> None:
    text = (
        f'[[model]]\nid = "m"\nmodel = "x/y"\nroot = true\n{SOURCE}hit = ["x/y"]\nmiss = ["x/z"]\n'
        'parents = [{ model = "base/b", relation = "finetune" }]\n'
    )
    assert "'root' contradicts" in refusal(rules, text).message


def test_a_name_pattern_holds_for_the_whole_name_in_ascii(rules: Path) -> None:
    (rules / "a.toml").write_text(ACME + FAMILY.replace("acme-[0-9]b", r"acme-\\db"), encoding="utf-8")
    (pattern,) = load(rules).families[0].names
    assert pattern.fullmatch("acme-7b")
    assert not pattern.fullmatch("acme-7b-chat")
    assert not pattern.fullmatch("acme-٧b")


def test_every_kind_of_rule_finds_its_place(rules: Path) -> None:
    (rules / "all.toml").write_text(
        ACME + FAMILY + CALL + COMMAND + REGISTRY + PACKAGE + STACK + FLAG, encoding="utf-8"
    )
    book = load(rules)
    assert [command.flags for command in book.commands] == [("--model",)]
    assert [registry.parts for registry in book.registries] == [2]
    assert [default.model for package in book.packages for default in package.defaults] == ["x/y"]
    assert [stack.vendor for stack in book.stacks] == ["acme"]
    assert [(flag.flag.id, flag.flag.url) for flag in book.flags] == [("licence", "https://example.com/doc")]


def test_files_of_other_stages_count_in_the_digest_but_are_not_rules(rules: Path, tmp_path: Path) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    before = load(rules).digest
    (rules / "claims.toml").write_text("[[claim]]\n", encoding="utf-8")
    assert load(rules).digest != before
    (rules / "snapshot").mkdir()
    (rules / "snapshot" / "MANIFEST.toml").write_text("built = 1\n", encoding="utf-8")
    assert load(rules).sources == ("a.toml", "claims.toml")
    private = tmp_path / "private"
    private.mkdir()
    (private / "claims.toml").write_text("[[claim]]\n", encoding="utf-8")
    assert load(rules, extra=private).sources[-1] == "extra/claims.toml"


def test_private_rules_are_added_and_change_the_digest(rules: Path, tmp_path: Path) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    private = tmp_path / "private"
    private.mkdir()
    (private / "more.toml").write_text(FAMILY, encoding="utf-8")
    both = load(rules, extra=private)
    assert [f.origin.id for f in both.families] == ["family-acme"]
    assert both.sources == ("a.toml", "extra/more.toml")
    assert both.digest != load(rules).digest


def test_the_digest_follows_the_bytes_and_the_names(rules: Path) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    first = load(rules).digest
    (rules / "a.toml").write_text(ACME + "\n", encoding="utf-8")
    second = load(rules).digest
    (rules / "a.toml").rename(rules / "b.toml")
    assert len({first, second, load(rules).digest}) == 3
    assert len(first) == 16


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rules at"):
        load(tmp_path / "nowhere")


def test_the_shipped_rules_load_without_being_told_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load() == load(shipped(), cache=False)


# The kept copy


def test_a_second_load_reads_the_kept_copy(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rules / "a.toml").write_text(ACME + FAMILY, encoding="utf-8")
    first = load(rules)
    assert len(kept(tmp_path)) == 1
    monkeypatch.setattr("auditor.rulebook.load._decode", lambda *_: pytest.fail("decoded again"))
    assert load(rules) == first


def test_a_corrupt_copy_is_ignored(rules: Path, tmp_path: Path) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    first = load(rules)
    for junk in (b"", b"junk", pickle.dumps("something else"), kept(tmp_path)[0].read_bytes()[:-20]):
        kept(tmp_path)[0].write_bytes(junk)
        assert load(rules) == first


def test_a_copy_with_foreign_code_is_never_run(rules: Path, tmp_path: Path) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    first = load(rules)
    proof = tmp_path / "proof"
    kept(tmp_path)[0].write_bytes(pickle.dumps(_Runs(str(proof))))
    assert load(rules) == first
    assert not proof.exists()


def test_a_folder_open_to_others_is_not_trusted(rules: Path, tmp_path: Path) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    first = load(rules)
    folder = kept(tmp_path)[0].parent
    kept(tmp_path)[0].write_bytes(pickle.dumps(Rulebook(first.digest)))
    folder.chmod(0o755)
    assert load(rules) == first
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_link_in_place_of_the_folder_is_not_followed(rules: Path, tmp_path: Path) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (tmp_path / "cache" / "auditor").mkdir(parents=True)
    (tmp_path / "cache" / "auditor" / "rules").symlink_to(elsewhere)
    assert load(rules).publishers
    assert list(elsewhere.iterdir()) == []


def test_a_relative_cache_folder_is_not_used(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "rules")
    load(rules)
    assert sorted(p.name for p in rules.iterdir()) == ["a.toml"]


def test_rules_load_where_nothing_can_be_kept(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load(rules).publishers


def test_rules_load_for_a_user_without_a_home(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    monkeypatch.delenv("XDG_CACHE_HOME")

    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert load(rules).publishers


def test_a_copy_of_another_owner_is_not_read(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")
    first = load(rules)
    kept(tmp_path)[0].write_bytes(pickle.dumps(Rulebook(first.digest)))
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert load(rules) == first


def test_a_copy_that_cannot_be_written_leaves_nothing_behind(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rules / "a.toml").write_text(ACME, encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert load(rules).publishers
    assert list((tmp_path / "cache" / "auditor" / "rules").iterdir()) == []


def test_old_copies_are_dropped(rules: Path, tmp_path: Path) -> None:
    for n in range(12):
        (rules / "a.toml").write_text(ACME + f"# {n}\n", encoding="utf-8")
        load(rules)
    assert len(kept(tmp_path)) == cache.KEPT


class _Runs:
    """Unpickling this would make a directory."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.path,)
