from __future__ import annotations

import pytest

from auditor.collect.scope import scope_of
from auditor.domain.source import Scope


@pytest.mark.parametrize(
    ("scope", "paths"),
    [
        (
            Scope.RUNTIME,
            "main.py src/acme/embed.py app/config.yaml Dockerfile .env docker-compose.yml internal/llm/client.go "
            "src/contest/app.py src/latest/x.ts src/doc_loader/pdf.py src/docs_search.py app/attestation.py "
            "src/evaluator.py src/protest.py requirements.txt packages/samplers/x.py src/specification.py src/dist.py "
            "src/vendors/openai.py src/results/page.tsx app/logs/writer.py cmd/demo.go locales/en.json web/robots.txt",
        ),
        (
            Scope.TEST,
            "tests/a.py test/a.rb src/a.vitest.ts loadtest/main.py src/__tests__/a.ts pkg/a_test.go src/a.spec.ts src/a.test.tsx conftest.py "
            "test_embed.py embed_test.py lib/a_spec.rb src/test/java/A.java src/ATest.java src/FooTests.cs tests/fixtures/a.json "
            "fixtures/a.yaml Acme.UnitTests/A.cs src/IntegrationTests/A.cs spec/fabricators/a.rb e2e/login.ts .env.test tests/README.md testdata/model.json src/a.cy.ts "
            "tests.py crate/tests.rs integration-tests/run.sh mocks/api.ts Acme.IntegrationTests.Shared/a.json",
        ),
        (Scope.OUTPUT, "cassettes/a.yaml results/run.json logs/a.txt outputs/gen.txt train.log wandb/run.json"),
        (
            Scope.EXAMPLE,
            "examples/a.py example/a.py cookbook/x.py samples/A.cs demo/app.py demos/app.py notebooks/a.ipynb a.ipynb "
            "tutorials/x.py rag-examples/a.py src/Button.stories.tsx examples/train.py",
        ),
        (
            Scope.DOCUMENTATION,
            "README.md docs/a.rst docs/conf.py README CHANGELOG.txt LICENSE README.zh-CN.md docs-ja/a.txt doc/a.html "
            "i18n/fr/docusaurus-plugin-content-docs/a.json prompts/x.md llms.txt examples/README.md docs/examples/a.py mkdocs.yml",
        ),
        (
            Scope.CI,
            ".github/workflows/ci.yml .gitlab-ci.yml .circleci/config.yml Jenkinsfile azure-pipelines.yml .travis.yml "
            ".pre-commit-config.yaml .buildkite/a.yml noxfile.py ci/run.sh",
        ),
        (
            Scope.EVALUATION,
            "eval/a.py evals/a.yaml evaluation/a.py benchmark/a.py benchmarks/a.py benches/a.rs eval_model.py run_eval.sh "
            "scripts/speed_benchmark.py rag_eval/a.py",
        ),
        (
            Scope.TRAINING,
            "train/a.py training/a.yaml finetune/a.py train_lora.py lora_train.py sft/a.py rlhf/a.py src/dpo/a.py train.sh "
            "scripts/finetune.py pretrain.py training/a.ipynb finetune.ipynb",
        ),
        (
            Scope.VENDORED,
            "vendor/a.go third_party/a.py static/a.min.js dist/a.js src/a_pb2.py api/a.pb.go generated/a.ts src/a.generated.ts "
            "vendor/tests/a.py src/third-party/a.c",
        ),
    ],
)
def test_the_path_of_a_file_says_what_part_it_plays(scope: Scope, paths: str) -> None:
    assert {path: scope_of(path) for path in paths.split()} == dict.fromkeys(paths.split(), scope)


def test_a_folder_counts_only_as_a_whole_part_of_the_path() -> None:
    assert scope_of("src/mytests2/a.py") is Scope.RUNTIME
    assert scope_of("src/examplesque/a.py") is Scope.RUNTIME
    assert scope_of("src/Examples/a.py") is Scope.EXAMPLE
