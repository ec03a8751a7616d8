"""What a manifest says, and how its faults are told: all at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.portfolio import Detector, Holding
from auditor.errors import AuditError
from auditor.portfolio.manifest import place, read

WHOLE = """\
[portfolio]
name = "Fund I"
population = 60
sampling = "all of vintage 2024"
strata = { coding = 20, speech = 40 }
detector = { sensitivity = 0.9, specificity = 0.98, positives = 50, negatives = 80 }

[[product]]
name = "search"
source = "https://git.example/acme/search.git"
revision = "v1.2"
path = "services/api/"
company = "Acme"
country = "DE"
tags = ["speech", "coding"]

[[product]]
name = "voice"
source = "../voice"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "fund.toml"
    file.write_text(text, "utf-8")
    return file


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(AuditError) as caught:
        read(written(folder, text))
    return [line.replace(f"{folder / 'fund.toml'}:", "") for line in caught.value.message.splitlines()]


def test_a_manifest_names_products_their_companies_and_what_they_were_drawn_from(tmp_path: Path) -> None:
    manifest = read(written(tmp_path, WHOLE))
    assert manifest.holdings[0] == Holding(
        "search", "https://git.example/acme/search.git", "v1.2", "services/api", "Acme", "DE", ("coding", "speech")
    )
    frame = manifest.frame
    assert (frame.name, frame.population, frame.sampling) == ("Fund I", 60, "all of vintage 2024")
    assert frame.strata == (("coding", 20), ("speech", 40))
    assert frame.detector == Detector(0.9, 0.98, 50, 80)


def test_a_product_without_a_company_is_a_company_of_its_own(tmp_path: Path) -> None:
    assert read(written(tmp_path, WHOLE)).holdings[1].company == "voice"


def test_a_relative_source_is_seen_from_the_manifest_and_a_url_from_anywhere(tmp_path: Path) -> None:
    search, voice = read(written(tmp_path, WHOLE)).holdings
    assert Path(place(voice, tmp_path)).resolve() == tmp_path.parent / "voice"
    assert place(search, tmp_path) == search.source


def test_all_faults_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        '[portfolio]\npopulation = -3\nsmapling = "typo"\n\n'
        '[[product]]\nname = "a"\nsource = "x"\ncountry = "us"\n\n'
        '[[product]]\nsource = "y"\ntags = "one"\npath = "../up"\n\n'
        '[[product]]\nname = "c"\nsource = "z"\nrevision = "--upload-pack=x"\n',
    )
    assert told == [
        "7 faults in the manifest",
        "2: portfolio.population must be a whole number",
        "3: portfolio.smapling is no key here: did you mean 'sampling'?",
        "8: product[1].country is 'us', not a code of two capitals such as DE (ISO 3166-1)",
        "10: product[2].name is missing",
        "12: product[2].tags must be a list of texts",
        "13: product[2].path leads out of the repository",
        "18: product[3].revision is no revision: '--upload-pack=x'",
    ]


def test_a_product_that_is_listed_twice_is_a_fault(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        '[[product]]\nname = "a"\nsource = "x"\n\n[[product]]\nname = "a"\nsource = "y"\n\n'
        '[[product]]\nname = "b"\nsource = "./x"\n',
    )
    assert told[1:] == [
        "6: product[2].name repeats 'a' of the product in line 1",
        "11: product[3].source is, at the same revision and path, that of the product in line 1",
    ]


def test_two_parts_of_one_repository_are_two_products(tmp_path: Path) -> None:
    text = '[[product]]\nname = "a"\nsource = "x"\npath = "a"\n[[product]]\nname = "b"\nsource = "x"\npath = "b"\n'
    assert [one.part for one in read(written(tmp_path, text)).holdings] == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("ext::sh -c id", "names a helper program"),
        ("http://git.example/a.git", "http:// is not read"),
        ("https://me:secret@git.example/a.git", "holds a secret"),
        ("https://secret@git.example/a.git", "holds a secret"),
        ("ssh://git:secret@git.example/a.git", "holds a secret"),
        ("ssh://-oProxyCommand=id/a", "not an address"),
    ],
)
def test_a_source_that_could_run_something_or_holds_a_secret_is_refused(
    tmp_path: Path, source: str, reason: str
) -> None:
    told = faults(tmp_path, f'[[product]]\nname = "a"\nsource = "{source}"\n')
    assert reason in told[1]
    assert "secret@" not in told[1]


@pytest.mark.parametrize("source", ["git@git.example:acme/a.git", "ssh://git@git.example/acme/a.git"])
def test_the_user_of_an_ssh_address_is_no_secret(tmp_path: Path, source: str) -> None:
    assert read(written(tmp_path, f'[[product]]\nname = "a"\nsource = "{source}"\n')).holdings[0].source == source


def test_an_audit_that_is_no_better_than_a_coin_corrects_nothing(tmp_path: Path) -> None:
    text = '[portfolio]\ndetector = { sensitivity = 0.5, specificity = 0.5 }\n[[product]]\nname = "a"\nsource = "x"\n'
    assert "tells nothing" in faults(tmp_path, text)[1]


@pytest.mark.parametrize("text", ["", "[portfolio]\nname = 'x'\n"])
def test_a_manifest_without_products_is_a_fault(tmp_path: Path, text: str) -> None:
    assert "has no [[product]]" in faults(tmp_path, text)[1]


@pytest.mark.parametrize("text", ["[[product", "a = 1\na = 2\n", "\x00"])
def test_what_is_no_toml_is_told_as_that(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuditError, match="not valid TOML"):
        read(written(tmp_path, text))


def test_a_manifest_that_is_not_there_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot read"):
        read(tmp_path / "none.toml")
