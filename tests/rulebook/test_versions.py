"""Ranges of a rule are half-open, and an unreadable requirement may be anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.versions import matches, overlaps

ECOSYSTEMS = ("pypi", "npm", "cargo", "golang", "conda", "maven", "nuget", "gem", "docker")


@pytest.mark.parametrize(
    ("ecosystem", "version", "since", "until", "inside"),
    [
        ("pypi", "1.4.2", "1.0", "2.0", True),
        ("pypi", "1.0", "1.0", "2.0", True),
        ("pypi", "2.0", "1.0", "2.0", False),
        ("pypi", "2.0rc1", "1.0", "2.0", True),
        ("pypi", "1!1.0", "2.0", "", True),
        ("pypi", "0.9", "", "1.0", True),
        ("pypi", "9", "", "", True),
        ("npm", "v1.2.3", "1.2.3", "", True),
        ("npm", "1.2.3-beta.1", "1.2.3", "", False),
        ("npm", "1.2.3+build.5", "1.2.3", "1.2.4", True),
        ("npm", "1.10.0", "1.9.0", "1.11.0", True),
        ("golang", "v0.0.0-20240101000000-abcdefabcdef", "0.1", "", False),
        ("maven", "1.4.0.RELEASE", "1.4.0", "", True),
        ("pypi", "not a version", "", "", False),
        ("npm", "latest", "", "", False),
        ("npm", "", "", "", False),
    ],
)
def test_a_version_lies_in_a_half_open_range(
    ecosystem: str, version: str, since: str, until: str, inside: bool
) -> None:
    assert matches(ecosystem, version, since, until) is inside


@pytest.mark.parametrize(
    ("ecosystem", "requirement", "since", "until", "possible"),
    [
        ("pypi", ">=1,<2", "2.0", "", False),
        ("pypi", ">=1,<2", "1.9", "", True),
        ("pypi", "~=1.4.2", "1.5", "", False),
        ("pypi", "~=1.4", "1.5", "", True),
        ("pypi", "==1.2.*", "1.2.5", "1.3", True),
        ("pypi", "==1.2.*", "1.3", "", False),
        ("pypi", "==1.2", "1.2", "1.3", True),
        ("pypi", "==1.2", "1.2.1", "", False),
        ("pypi", "(>=1.0) ; python_version < '3.9'", "0.5", "1.0", False),
        ("pypi", ">1.0", "", "1.0", False),
        ("pypi", "<=1.0", "1.0", "", True),
        ("pypi", "<1.0", "1.0", "", False),
        ("pypi", "!=1.5", "1.0", "2.0", True),
        ("pypi", "^1.2", "2.0", "", False),
        ("npm", "^1.2.3", "1.9", "2", True),
        ("npm", "^1.2.3", "2.0.0", "", False),
        ("npm", "^0.2.3", "0.3", "", False),
        ("npm", "^0.0.3", "0.0.4", "", False),
        ("npm", "~1.2.3", "1.3", "", False),
        ("npm", "1.x", "2", "", False),
        ("npm", "1.2", "1.2.9", "2", True),
        ("npm", "1.2.3", "1.2.4", "", False),
        ("npm", "*", "5", "", True),
        ("npm", "1 - 2.3", "2.2", "", True),
        ("npm", "1.0.0 - 2.3.0", "2.4", "", False),
        ("npm", ">=1 <2 || ^3.0", "3.1", "3.2", True),
        ("npm", ">=1 <2 || ^3.0", "2.0", "3.0", False),
        ("npm", ">1.x", "1.5", "2", False),
        ("cargo", "1.2", "1.9", "2", True),
        ("cargo", "=1.2.0", "1.9", "2", False),
        ("golang", "v1.2.3", "1.5", "", True),
        ("golang", "v1.2.3", "", "1.2", False),
        ("conda", "=1.2", "1.2.7", "1.3", True),
        ("gem", "~> 1.2.3", "1.3", "", False),
        ("maven", "[1.0,2.0)", "2.0", "", False),
        ("maven", "[1.0]", "1.0", "1.1", True),
        ("maven", "(,1.0]", "1.0", "", True),
        ("nuget", "1.0", "3.0", "", True),
    ],
)
def test_a_requirement_may_reach_into_the_range(
    ecosystem: str, requirement: str, since: str, until: str, possible: bool
) -> None:
    assert overlaps(ecosystem, requirement, since, until) is possible


@pytest.mark.parametrize(
    "requirement",
    [
        "",
        "latest",
        "workspace:*",
        "git+https://example.com/x.git",
        "file:../x",
        "npm:other@^1",
        "@ https://example.com/x.whl",
        "9" * 500,
    ],
)
def test_what_cannot_be_read_may_be_anything(requirement: str) -> None:
    assert all(overlaps(ecosystem, requirement, "1.0", "2.0") for ecosystem in ECOSYSTEMS)


@given(st.sampled_from(ECOSYSTEMS), st.text(max_size=40), st.text(max_size=10), st.text(max_size=10))
def test_junk_never_raises(ecosystem: str, text: str, since: str, until: str) -> None:
    assert matches(ecosystem, text, since, until) in (True, False)
    assert overlaps(ecosystem, text, since, until) in (True, False)


@given(
    st.sampled_from(ECOSYSTEMS),
    st.text(alphabet="0123456789.^~<>=!|*xv -,[]()ab", max_size=30),
    st.text(alphabet="0123456789.", max_size=6),
)
def test_what_resembles_a_requirement_never_raises(ecosystem: str, text: str, since: str) -> None:
    assert overlaps(ecosystem, text, since, "") in (True, False)


@given(
    st.sampled_from(("pypi", "npm", "cargo", "gem")),
    st.tuples(*[st.integers(0, 30)] * 3),
    st.sampled_from(("==", "^", "~", ">=", "<=")),
)
def test_a_version_that_a_requirement_names_is_one_that_it_allows(
    ecosystem: str, numbers: tuple[int, ...], operator: str
) -> None:
    version = ".".join(map(str, numbers))
    after = ".".join(map(str, (*numbers[:2], numbers[2] + 1)))
    assert overlaps(ecosystem, operator + version, version, after)
