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
    Call,
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
    "rust": Language(
        "app/src/a.rs",
        'const MODEL: &str = "acme/m1";\nfn f() { load(MODEL); }',
        'fn f() { let m = std::env::var("MODEL_ID").unwrap_or_else(|_| "acme/m1".into()); load(m); }',
        'fn f() { if provider == "acme" { load("acme/m1"); } }',
        'fn f() -> bool { name == "acme/m1" }',
        'fn f() { let m = HashMap::from([("small", "acme/m1"), ("large", "acme/m2")]); }',
        'fn f() { run(Options { model: "acme/m1".to_string() }); }',
        'struct Config {\n #[arg(long, default_value = "acme/m1")]\n model: String,\n}',
    ),
    "java": Language(
        "app/A.java",
        'class A { static final String MODEL = "acme/m1"; void f() { load(MODEL); } }',
        'class A { void f() { load(System.getenv().getOrDefault("MODEL_ID", "acme/m1")); String x = System.getenv("MODEL_ID"); } }',
        'class A { void f() { if (provider.equals("acme")) { load("acme/m1"); } } }',
        'class A { boolean f() { return "acme/m1".equals(name); } }',
        'class A { Map<String, String> m = Map.ofEntries(entry("small", "acme/m1"), entry("large", "acme/m2")); }',
        'class A { @Options(model = "acme/m1") void f() {} }',
        'class Config { @Value("${x.y:acme/m1}") String model; }',
    ),
    "kotlin": Language(
        "app/a.kt",
        'const val MODEL = "acme/m1"\nfun f() { load(MODEL) }',
        'fun f() { load(System.getenv("MODEL_ID") ?: "acme/m1") }',
        'fun f() { if (provider == "acme") { load("acme/m1") } }',
        'fun f() = name == "acme/m1"',
        'val m = mapOf("small" to "acme/m1", "large" to "acme/m2")',
        'fun f() { run(Options(model = "acme/m1")) }',
        'data class Config(val model: String = "acme/m1")',
    ),
    "csharp": Language(
        "app/A.cs",
        'class A { const string MODEL = "acme/m1"; void F() { load(MODEL); } }',
        'class A { void F() { load(Environment.GetEnvironmentVariable("MODEL_ID") ?? "acme/m1"); } }',
        'class A { void F() { if (provider == "acme") { load("acme/m1"); } } }',
        'class A { bool F() => name == "acme/m1"; }',
        'class A { object m = new Dictionary<string, string> { ["small"] = "acme/m1", ["large"] = "acme/m2" }; }',
        'class A { void F() { run(new Options { model = "acme/m1" }); } }',
        'class Config { public string model { get; set; } = "acme/m1"; }',
    ),
    "ruby": Language(
        "app/a.rb",
        'MODEL = "acme/m1"\ndef f\n load(MODEL)\nend',
        'def f\n load(ENV.fetch("MODEL_ID", "acme/m1"))\nend',
        'def f\n if provider == "acme"\n  load("acme/m1")\n end\nend',
        'def f\n name == "acme/m1"\nend',
        'M = { "small" => "acme/m1", large: "acme/m2" }.freeze',
        'def f\n options(model: "acme/m1")\nend',
        'class Config\n def initialize\n  @model = "acme/m1"\n end\nend',
        "# acme/m1",
    ),
    "php": Language(
        "app/a.php",
        "<?php\nconst MODEL = 'acme/m1';\nfunction f() { load(MODEL); }",
        "<?php\nfunction f() { load(env('MODEL_ID', 'acme/m1')); }",
        "<?php\nfunction f() { if ($provider === 'acme') { load('acme/m1'); } }",
        "<?php\nfunction f() { return $name === 'acme/m1'; }",
        "<?php\n$m = ['small' => 'acme/m1', 'large' => 'acme/m2'];",
        "<?php\nfunction f() { run(new Options(model: 'acme/m1')); }",
        "<?php\nclass Config { public string $model = 'acme/m1'; }",
        "<?php // acme/m1",
    ),
    "swift": Language(
        "app/a.swift",
        'let MODEL = "acme/m1"\nfunc f() { load(MODEL) }',
        'func f() { load(ProcessInfo.processInfo.environment["MODEL_ID"] ?? "acme/m1") }',
        'func f() { if provider == "acme" { load("acme/m1") } }',
        'func f() -> Bool { return name == "acme/m1" }',
        'let m = ["small": "acme/m1", "large": "acme/m2"]',
        'func f() { run(Options(model: "acme/m1")) }',
        'struct Config { var model: String = "acme/m1" }',
    ),
    "cpp": Language(
        "app/a.cpp",
        'static const char * MODEL = "acme/m1";\nvoid f() { load(MODEL); }',
        'void f() { auto e = std::getenv("MODEL_ID"); std::string m = e ? e : "acme/m1"; load(m); }',
        'void f() { if (provider == "acme") { load("acme/m1"); } }',
        'bool f() { return name == "acme/m1"; }',
        'std::map<std::string, std::string> m = {{"small", "acme/m1"}, {"large", "acme/m2"}};',
        'void f() { run(Options{ .model = "acme/m1" }); }',
        'struct Config { std::string model = "acme/m1"; };',
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


# Rust


def test_a_use_tree_of_rust_names_what_it_brings_in() -> None:
    content = "use crate::config::{self, MODEL as M};\nuse acme::llm::*;\nuse super::x::Y;\nfn f() { load(M); Y::new(); config::go(); }"
    facts = read("core/src/inner/a.rs", content)
    assert reads(facts, "core.config.MODEL")
    assert {f.callee for f in facts if isinstance(f, Call)} >= {"core.inner.x.Y.new", "core.config.go"}


def test_a_builder_of_rust_is_asked_by_its_chain() -> None:
    content = 'use acme::Args;\nfn f() { let r = Args::default().model("acme/m1").n(1).build()?; }'
    assert literal(read("a.rs", content), "acme/m1").place == Argument("acme.Args.model", 0, "")


def test_a_match_of_rust_gives_what_its_arms_give() -> None:
    content = 'enum W { A, B }\nimpl W { fn id(&self) -> &str { match self { W::A => "acme/m1", W::B => "acme/m2" } } }'
    found = literal(read("a.rs", content), "acme/m2")
    assert (found.place, [g.value for g in found.guards]) == (Bound("a.W.id()", Binds.RETURN), ["B"])


@pytest.mark.parametrize(
    "test", ["#[cfg(test)]\nmod tests { fn f() { BODY } }", "#[tokio::test]\nasync fn f() { BODY }"]
)
def test_a_test_of_rust_that_stands_in_the_source_runs_nothing(test: str) -> None:
    facts = read("a.rs", test.replace("BODY", 'load("acme/m1");'))
    assert [(f.text, f.where) for f in facts if isinstance(f, Prose)] == [("acme/m1", "test")]
    assert not [f for f in facts if isinstance(f, Literal | Call)]


# Java and Kotlin


@pytest.mark.parametrize("path", ["A.java", "a.kt"])
def test_a_builder_keeps_the_class_that_it_builds(path: str) -> None:
    body = 'x = ChatModel.builder().url("u").modelName("acme/m1").build();'
    content = f"import acme.kit.ChatModel;\nclass A {{ void f() {{ var {body} }} }}"
    if path == "a.kt":
        content = f"import acme.kit.ChatModel\nfun f() {{ val {body} }}"
    place = literal(read(path, content), "acme/m1").place
    assert place == Argument("acme.kit.ChatModel.builder().url().modelName", 0, "")


def test_names_of_java_are_those_of_its_packages() -> None:
    content = (
        'package acme.app;\nimport acme.llm.Models;\nclass A { void f() { load(Models.SMALL); new B("acme/m1"); } }'
    )
    facts = read("src/main/java/acme/app/A.java", content)
    assert reads(facts, "acme.llm.Models.SMALL")
    assert literal(facts, "acme/m1").place == Argument("acme.app.B", 0, "")


def test_a_value_of_an_enumeration_is_one_of_several() -> None:
    content = 'enum M { SMALL("acme/m1"), LARGE("acme/m2"); M(String id) {} }'
    found = literal(read("M.java", content), "acme/m1")
    assert ([(e.key, e.siblings) for e in found.entries], found.place) == ([("SMALL", 2)], Argument("M.M", 0, ""))


# C#


def test_a_type_of_csharp_is_known_in_files_that_do_not_say_where_it_is() -> None:
    defined = read("a/B.cs", "namespace Acme.Llm; public class B { public string Model { get; set; } }")
    assert Alias("csharp.B", "Acme.Llm.B") in defined
    used = read("b/C.cs", 'namespace Acme.App; class C { void F() { B b = new() { Model = "acme/m1" }; } }')
    assert literal(used, "acme/m1").place == Argument("csharp.B", -1, "Model")


def test_a_key_of_the_configuration_is_read() -> None:
    facts = read("a.cs", 'class A { void F() { load(config["Llm:Model"] ?? "acme/m1"); } }')
    assert [r.key for r in facts if isinstance(r, Read) and r.key] == ["Llm.Model"]
    assert literal(facts, "acme/m1").fallback


def test_named_arguments_of_csharp_keep_their_names() -> None:
    facts = read("a.cs", 'class A { void F() { Kernel.CreateBuilder().AddChat(modelId: "acme/m1", key: k); } }')
    assert literal(facts, "acme/m1").place == Argument("csharp.Kernel.CreateBuilder().AddChat", -1, "modelId")


# Ruby, PHP, Swift and C++


def test_a_hash_among_the_keywords_of_ruby_is_asked_by_its_own_keys() -> None:
    facts = read("a.rb", 'def f\n client = OpenAI::Client.new\n client.chat(parameters: { model: "acme/m1" })\nend')
    found = literal(facts, "acme/m1")
    assert (found.place, [e.key for e in found.entries]) == (Argument("ruby.OpenAI.Client.chat", -1, "**"), ["model"])


def test_a_field_that_a_call_declares_has_its_default() -> None:
    facts = read("a.rb", 'class Config\n option :model, "acme/m1"\n attribute :other, :string, default: "acme/m2"\nend')
    assert literal(facts, "acme/m1").place == Bound("a.Config.model", Binds.FIELD)
    assert literal(facts, "acme/m2").place == Bound("a.Config.other", Binds.FIELD)


def test_objects_of_a_list_are_beside_each_other() -> None:
    facts = read("a.swift", 'let all = [Model(name: "acme/m1"), Model(name: "acme/m2")]')
    found = literal(facts, "acme/m1")
    assert (found.place, [e.siblings for e in found.entries]) == (Argument("swift.Model", -1, "name"), [2])


def test_a_file_of_settings_is_read_by_its_name_in_php() -> None:
    content = "<?php\nreturn ['chat' => ['model' => env('MODEL_ID', 'acme/m1')]];"
    found = literal(read("config/llm.php", content), "acme/m1")
    assert (found.place, [e.key for e in found.entries]) == (Bound("config.llm", Binds.CONSTANT), ["model", "chat"])
    (reader,) = reads(read("app/A.php", "<?php\nfunction f() { load(config('llm.chat.model')); }"), "config.llm")
    assert reader.key == "chat.model"


def test_an_imported_class_of_php_is_known_by_its_namespace() -> None:
    content = "<?php\nnamespace App;\nuse Acme\\Kit\\{Client as C, Other};\nfunction f() { C::text()->using(Other::X, 'acme/m1'); }"
    facts = read("a.php", content)
    assert literal(facts, "acme/m1").place == Argument("Acme.Kit.Client.text().using", 1, "")
    assert reads(facts, "Acme.Kit.Other.X")


@pytest.mark.parametrize("call", ['load(model: "acme/m1") { x in show(x) }', '#load(model: "acme/m1")'])
def test_a_block_behind_a_call_of_swift_hides_nothing(call: str) -> None:
    assert literal(read("a.swift", f"func f() async {{ let c = try await {call} }}"), "acme/m1").place == Argument(
        "load", -1, "model"
    )


def test_a_default_of_swift_belongs_to_its_parameter() -> None:
    facts = read("a.swift", 'class S { init(_ x: Int, model: String = "acme/m1") { self.model = model } }')
    assert literal(facts, "acme/m1").place == Bound("a.S.init.model", Binds.PARAMETER)
    assert Signature("a.S", ("x", "model")) in facts


def test_a_macro_of_c_is_a_constant() -> None:
    facts = read("a.h", '#define MODEL "acme/m1"\nvoid f() { load(MODEL); }')
    assert literal(facts, "acme/m1").place == Bound("a.MODEL", Binds.CONSTANT)
    assert [r.place for r in reads(facts, "a.MODEL")] == [Argument("load", 0, "")]


def test_a_conversion_of_go_hands_on_what_it_is_given() -> None:
    facts = read("a.go", 'package a\nimport "acme.org/oai"\nvar all = []string{string(oai.Small), "acme/m1"}')
    assert [r.place for r in reads(facts, "acme.org.oai.Small")] == [Bound("go.all", Binds.CONSTANT)]


def test_type_arguments_are_no_part_of_a_name() -> None:
    facts = read("a.cs", 'class A { void F() { services.Get<Client>("x").Ask("acme/m1"); } }')
    assert literal(facts, "acme/m1").place == Argument("services.Get().Ask", 0, "")
