"""What a path says about a file's part in the product, by the conventions of every ecosystem."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.domain.source import Scope


def scope_of(path: str) -> Scope:
    """The scope of a file, by its folders and its name; a folder's name counts only as a whole path part."""
    folder, _, name = path.rpartition("/")
    of_folder = folder_scopes(folder)
    of_name = _name_scopes(name)
    if not of_folder and not of_name:
        return Scope.EXAMPLE if name.endswith(".ipynb") else Scope.RUNTIME
    code = is_code(name)
    best = min((*of_folder, *of_name), key=_rank if not code else _rank_of_code)
    if best is Scope.OUTPUT and code:  # a package called "results" is code; what lies in it as data is output
        return Scope.RUNTIME
    return best


def is_code(name: str) -> bool:
    """Whether a file of that name is source code."""
    return _CODE.search(name) is not None


@lru_cache(maxsize=65536)
def folder_scopes(folder: str) -> tuple[Scope, ...]:
    """Every scope that a part of the folder's path asks for; none for a folder of the running product."""
    if not folder:
        return ()
    above, _, name = folder.rpartition("/")
    mine = _part_scope(name)
    return (*folder_scopes(above), mine) if mine is not None else folder_scopes(above)


@lru_cache(maxsize=65536)
def _part_scope(name: str) -> Scope | None:
    lower = name.lower()
    return _PARTS.get(lower) or next((scope for scope, pattern in _PART_PATTERNS if pattern.fullmatch(lower)), None)


@lru_cache(maxsize=65536)
def _name_scopes(name: str) -> tuple[Scope, ...]:
    return tuple(scope for scope, pattern in _NAME_PATTERNS if pattern.search(name))


# Where several parts of a path disagree the first of these wins: a document among the tests is a test's, a script that
# trains among the examples is an example.
_ORDER = (
    Scope.VENDORED,
    Scope.TEST,
    Scope.CI,
    Scope.DOCUMENTATION,
    Scope.OUTPUT,
    Scope.EVALUATION,
    Scope.EXAMPLE,
    Scope.TRAINING,
    Scope.RUNTIME,
)
_RANKS = {scope: rank for rank, scope in enumerate(_ORDER)}


def _rank(scope: Scope) -> int:
    return _RANKS[scope]


def _rank_of_code(scope: Scope) -> int:
    return len(_ORDER) if scope is Scope.OUTPUT else _RANKS[scope]


_FOLDERS: dict[Scope, str] = {
    Scope.VENDORED: "vendor _vendor vendored third_party third-party thirdparty 3rdparty 3rd_party dist generated "
    "_generated __generated__ godeps pods _build",
    Scope.TEST: "test tests spec __tests__ testing unittest unittests unit_test unit-test integration_test integration-test "
    "e2e e2e_test e2e-test testdata test_data test-data testutil testutils test_utils test-utils test-fixtures "
    "loadtest loadtests load_test load-test test_fixtures fixture fixtures __fixtures__ mocks __mocks__ androidtest commontest jvmtest cypress",
    Scope.OUTPUT: "cassettes vcr_cassettes recordings __snapshots__ output outputs result results logs runs predictions "
    "generations transcripts trajectories wandb mlruns lightning_logs goldens",
    Scope.CI: ".github .gitlab .circleci .buildkite .azure-pipelines .azuredevops .woodpecker .drone .ci .gitea .forgejo "
    ".jenkins .teamcity ci",
    Scope.DOCUMENTATION: "doc docs documentation docsite docs-site docs-src docusaurus mkdocs javadoc "
    "docusaurus-plugin-content-docs docusaurus-plugin-content-blog adr adrs rfcs changelog changelogs .changeset _posts _drafts",
    Scope.EVALUATION: "eval evals evaluation evaluations benchmark benchmarks bench benches benchmarking",
    Scope.EXAMPLE: "example examples cookbook cookbooks sample samples sample_apps sample-apps demo demos notebook notebooks tutorial tutorials "
    "quickstart quickstarts getting-started getting_started",
    Scope.TRAINING: "train training trainer trainers finetune finetuning fine_tune fine_tuning fine-tune fine-tuning "
    "sft rlhf dpo grpo pretrain pretraining pre_training pre-training posttraining post_training post-training",
}
_PARTS = {name: scope for scope, names in _FOLDERS.items() for name in names.split()}
_PART_PATTERNS = (
    # Acme.UnitTests, IntegrationTests, Acme.IntegrationTests.Shared
    (
        Scope.TEST,
        re.compile(
            r".+[-_.](?:unit|integration)?tests(?:\..+)?|.+\.test|.+[-_]load[-_]?tests?|(?:unit|integration|functional|acceptance)[-_.]?tests?"
        ),
    ),
    # docs_zh, docs-ja: a language after it, never doc_loader
    (Scope.DOCUMENTATION, re.compile(r"docs?[-_.](?:[a-z]{2}(?:[-_][a-z]{2,4})?|i18n)")),
    (Scope.EVALUATION, re.compile(r".+[-_](?:evals?|evaluations?|benchmarks?|bench)")),
    # a template of a project, to be filled in: `{{cookiecutter.name}}`
    (
        Scope.EXAMPLE,
        re.compile(r".+[-_](?:examples?|demos?|samples|tutorials?|cookbook)|examples?[-_].+|.*\{\{.*\}\}.*"),
    ),
    (Scope.TRAINING, re.compile(r".+[-_](?:training|finetun(?:e|ing))")),
)
_SCRIPT = r"\.(?:py|sh|bash|ps1|ipynb|ya?ml|json|toml|js|ts|mjs)$"
_NAME_PATTERNS = (
    (
        Scope.VENDORED,
        re.compile(
            r"\.min\.(?:[cm]?js|css)$|[.-]bundle\.[cm]?js$|_pb2(?:_grpc)?\.pyi?$|\.pb\.(?:go|cc|h|swift)$|_pb\.(?:js|d\.ts)$"
            r"|[._-](?:generated|gen)\.[A-Za-z]+$|\.g\.(?:dart|cs)$|^yarn-[\d.]+\.c?js$"
        ),
    ),
    (
        Scope.TEST,
        re.compile(
            r"^test[_-].*\.(?:pyi?|sh|go)$|^tests?\.(?:py|rs|exs?)$|^conftest\.py$|_tests?\.(?:py|go|cc|cpp|cxx|c|rs|rb|exs|dart|js|ts|lua|sh)$"
            r"|_spec\.(?:rb|lua|js|ts)$|[.-](?:test|spec|cy|e2e|vitest)\.[A-Za-z]+$|(?:Test|Tests|TestCase|Spec|IT)\.(?:java|kt|kts|scala|groovy|cs|swift|php|m)$"
            r"|\.env\.test(?:ing)?$|\.bats$|^(?:jest|vitest|playwright|cypress|karma)\.(?:config|setup)\."
            r"|^setupTests\.|^pytest\.ini$"
        ),
    ),
    (
        Scope.CI,
        re.compile(
            r"^\.gitlab-ci.*\.ya?ml$|^Jenkinsfile|\.jenkinsfile$|^\.travis\.ya?ml$|^\.drone\.ya?ml$|^\.?appveyor\.ya?ml$"
            r"|^azure-pipelines.*\.ya?ml$|^bitbucket-pipelines\.ya?ml$|^\.pre-commit-config\.ya?ml$|^\.cirrus\.ya?ml$"
            r"|^(?:tox\.ini|noxfile\.py)$|^\.?codecov\.ya?ml$|^\.semaphore|^\.woodpecker\.ya?ml$|^cloudbuild.*\.ya?ml$"
        ),
    ),
    (
        Scope.DOCUMENTATION,
        re.compile(
            r"\.(?:md|mdx|markdown|rst|adoc|asciidoc|textile|tex|bib|org|mdown)$|^llms(?:-full)?\.txt$|^mkdocs.*\.ya?ml$"
            r"|^(?:README|CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES|LICEN[CS]E|COPYING|NOTICE|AUTHORS|CONTRIBUTORS"
            r"|CONTRIBUTING|CITATION|SECURITY|CODE_OF_CONDUCT|TODO|ROADMAP|INSTALL)(?:[._-][A-Za-z_-]+)?(?:\.(?:txt|cff))?$",
            re.IGNORECASE,
        ),
    ),
    (Scope.OUTPUT, re.compile(r"\.(?:log|out|snap)$|^cassette.*\.ya?ml$")),
    (
        Scope.EVALUATION,
        re.compile(
            rf"^(?:run[_-])?(?:evals?|evaluat(?:e|ion)|benchmarks?|bench)(?:[_-].*)?{_SCRIPT}"
            rf"|[_-](?:evals?|evaluation|benchmarks?|bench){_SCRIPT}|[._-]bench\.(?:go|rs|[cm]?[jt]s)$"
        ),
    ),
    (
        Scope.EXAMPLE,
        re.compile(
            rf"^example[_-].*{_SCRIPT}|[_-]examples?(?:{_SCRIPT}|\.(?:go|rs|java|kt|rb|php|cs|swift)$)|\.stories\.[jt]sx?$"
        ),
    ),
    (
        Scope.TRAINING,
        re.compile(
            rf"^(?:run[_-])?(?:pre)?(?:train|trainer|training|fine[_-]?tun(?:e|ing)|sft|dpo|grpo|rlhf)(?:[_-].*)?{_SCRIPT}"
            rf"|[_-](?:pre)?(?:train|trainer|training|fine[_-]?tun(?:e|ing)|sft|dpo|grpo|rlhf){_SCRIPT}"
        ),
    ),
)
_CODE = re.compile(
    r"\.(?:pyi?|[cm]?[jt]sx?|go|rs|java|kts?|scala|cs|swift|rb|php|dart|exs?|c|cc|cpp|cxx|h|hpp|lua|jl|r|sh|vue|svelte)$"
)
