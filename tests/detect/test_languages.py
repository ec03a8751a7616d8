"""One reader and a table for each language: the same facts of the same program, whatever it is written in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from auditor.detect.scan import parsers_of
from auditor.domain.fact import (
    Alias,
    Argument,
    Binds,
    Bound,
    Compared,
    Fact,
    Import,
    Literal,
    Prose,
    Read,
    Signature,
)
from tests.detect.sources import at, source


def read(path: str, content: str) -> list[Fact]:
    return [fact for parser in parsers_of(path) for fact in parser.parse(source(path, content))]


def literal(facts: list[Fact], text: str) -> Literal:
    (found,) = [fact for fact in facts if isinstance(fact, Literal) and fact.text == text]
    return found


def reads(facts: list[Fact], name: str) -> list[Read]:
    return [fact for fact in facts if isinstance(fact, Read) and fact.name == name]


@dataclass(frozen=True)
class Language:
    """How one language says what the tests ask. A name is `acme/m1` in all of them."""

    path: str
    constant: str  # gives a name to MODEL, which reaches load(MODEL)
    environment: str  # asks MODEL_ID, else takes the name
    guarded: str  # is taken where provider is "acme"
    compared: str
    mapped: str  # two entries, keys small and large
    keyword: str  # makes an Options with model, or calls options with it
    field: str  # the field `model` of Config has it by default
    comment: str = "// acme/m1"


LANGUAGES = {
    "go": Language(
        "app/a.go",
        'const MODEL = "acme/m1"\nfunc f() { load(MODEL) }',
        'func f() {\n m := os.Getenv("MODEL_ID")\n if m == "" {\n  m = "acme/m1"\n }\n load(m)\n}',
        'func f() { if provider == "acme" { load("acme/m1") } }',
        'func f() bool { return name == "acme/m1" }',
        'var m = map[string]string{"small": "acme/m1", "large": "acme/m2"}',
        'func f() { run(Options{model: "acme/m1"}) }',
        'type Config struct {\n model string `default:"acme/m1"`\n}',
    ),
}
ALL = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


@ALL
def test_a_constant_is_read_by_the_call_that_takes_it(language: Language) -> None:
    facts = read(language.path, language.constant)
    given = literal(facts, "acme/m1").place
    assert isinstance(given, Bound)
    assert given.symbol.endswith("MODEL")
    (argument,) = [r.place for r in reads(facts, given.symbol) if isinstance(r.place, Argument)]
    assert (argument.callee.rpartition(".")[2], argument.position) == ("load", 0)


@ALL
def test_what_counts_where_a_variable_is_not_set_is_known_as_such(language: Language) -> None:
    facts = read(language.path, language.environment)
    found = literal(facts, "acme/m1")
    assert (found.env, found.fallback) == ("MODEL_ID", True)
    assert reads(facts, "env:MODEL_ID")


@ALL
def test_a_condition_around_a_name_is_told(language: Language) -> None:
    found = literal(read(language.path, language.guarded), "acme/m1")
    assert [(g.subject, g.value) for g in found.guards] == [("provider", "acme")]


@ALL
def test_what_is_compared_is_not_handed_on(language: Language) -> None:
    assert isinstance(literal(read(language.path, language.compared), "acme/m1").place, Compared)


@ALL
def test_an_entry_of_a_map_knows_its_key_and_its_siblings(language: Language) -> None:
    found = literal(read(language.path, language.mapped), "acme/m1")
    assert [(e.key, e.siblings, e.first) for e in found.entries] == [("small", 2, True)]


@ALL
def test_a_named_argument_or_field_keeps_its_name(language: Language) -> None:
    place = literal(read(language.path, language.keyword), "acme/m1").place
    assert isinstance(place, Argument)
    assert (place.callee.rpartition(".")[2].lower(), place.keyword) == ("options", "model")


@ALL
def test_a_field_may_have_a_name_by_default(language: Language) -> None:
    place = literal(read(language.path, language.field), "acme/m1").place
    assert isinstance(place, Bound)
    assert place.symbol.endswith("Config.model")
    assert place.how in (Binds.FIELD, Binds.PARAMETER)


@ALL
def test_comments_are_prose(language: Language) -> None:
    assert [f.text for f in read(language.path, language.comment) if isinstance(f, Prose)] == ["acme/m1"]


@ALL
def test_names_stand_where_they_are_written(language: Language) -> None:
    for content in (language.constant, language.environment, language.mapped, language.comment):
        found = [f for f in read(language.path, content) if isinstance(f, Literal | Prose) and "acme/m" in f.text]
        assert [at(content, f.span) for f in found] == [f.text for f in found]


@ALL
def test_deep_nesting_ends_in_a_gap_and_costs_nothing_else(language: Language) -> None:
    deep = language.constant.replace("load(MODEL)", f"load(MODEL); x = {'(' * 3000}1{')' * 3000}")
    found: list[Fact] = []
    (parser,) = parsers_of(language.path)
    with pytest.raises(ValueError, match="nested deeper than"):
        found.extend(parser.parse(source(language.path, deep)))
    assert literal(found, "acme/m1")


@ALL
def test_broken_source_is_read_as_far_as_it_goes(language: Language) -> None:
    assert literal(read(language.path, f"{language.constant}\n}} ) ]] (("), "acme/m1")


# Go


def test_a_package_of_go_is_known_by_its_import_path_and_by_its_own_module() -> None:
    facts = read("internal/llm/a.go", 'package llm\nimport oai "acme.org/kit/oai"\nfunc f() { oai.New("acme/m1") }')
    assert literal(facts, "acme/m1").place == Argument("acme.org.kit.oai.New", 0, "")
    assert read("go.mod", "module acme.org/app\n\ngo 1.22\n")[0] == Alias("acme.org.app", "go")
    assert Signature("go.internal.llm.f", ()) in facts


@pytest.mark.parametrize("path", ["acme.org/go-oai", "acme.org/oai-go/v2", "gopkg.in/oai.v3"])
def test_a_package_of_go_is_called_without_its_decoration(path: str) -> None:
    facts = read("a.go", f'package a\nimport "{path}"\nfunc f() {{ oai.New("acme/m1") }}')
    assert literal(facts, "acme/m1").place == Argument(f"{path.replace('/', '.')}.New", 0, "")
    assert [f.name for f in facts if isinstance(f, Import)] == [path.replace("/", ".")]


def test_a_method_of_go_belongs_to_its_type_in_every_file() -> None:
    content = (
        'package a\nfunc (c *Client) Run() { load(c.model) }\nfunc New() *Client { return &Client{model: "acme/m1"} }'
    )
    facts = read("a.go", content)
    assert literal(facts, "acme/m1").place == Argument("go.Client", -1, "model")
    assert reads(facts, "go.Client.model")


def test_a_switch_of_go_gives_each_branch_its_condition() -> None:
    content = 'package a\nfunc f() string {\nswitch provider {\ncase "acme": return "acme/m1"\ncase "b": return "acme/m2"\n}\nreturn ""\n}'
    found = literal(read("a.go", content), "acme/m2")
    assert ([(g.subject, g.value) for g in found.guards], found.place) == (
        [("provider", "b")],
        Bound("go.f()", Binds.RETURN),
    )


@pytest.mark.parametrize(
    "call", ['flag.String("model", "acme/m1", "help")', 'flag.StringVarP(&o.model, "model", "m", "acme/m1", "help")']
)
def test_a_flag_of_go_has_a_default(call: str) -> None:
    assert literal(read("a.go", f"package a\nfunc f() {{ x := {call}; y(x) }}"), "acme/m1").option == "--model"


def test_a_format_of_go_is_a_template() -> None:
    found = literal(read("a.go", 'package a\nfunc f() { load(fmt.Sprintf("acme/%s-7b", x)) }'), "acme/{}-7b")
    assert (found.dynamic, found.place) == (True, Argument("go.load", 0, ""))
