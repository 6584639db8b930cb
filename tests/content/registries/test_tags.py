"""The tag registry, and tags found in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.pages import Rules, Tag
from trigpoint.content.registries.tags import read_tags, tag_named

FILE = Path(__file__).parent.parent.parent.parent / "pages" / "tags.toml"
GOOD = b'[grpc]\nname = "gRPC"\ndescription = "Calls."\naliases = ["g-rpc"]\n\n[node-js]\nname = "Node.js"\n'


def rules_with(*registry: Tag, tags_open: bool = False) -> Rules:
    return Rules(dt.UTC, registry, tags_open)


def test_a_table_is_a_tag() -> None:
    tags, faults = read_tags("pages/tags.toml", GOOD)
    assert tags == (Tag("grpc", "gRPC", "Calls.", ("g-rpc",)), Tag("node-js", "Node.js")) and not faults


@pytest.mark.parametrize("spelling", ["grpc", "gRPC", "GRPC", "g-rpc", "G-RPC", "G RPC"])
def test_a_tag_is_found_by_each_spelling(spelling: str) -> None:
    tags, _ = read_tags("t", GOOD)
    assert tag_named(spelling, rules_with(*tags)) == tags[0]


def test_an_unknown_tag_is_none_unless_the_registry_is_open() -> None:
    assert tag_named("F#", rules_with()) is None
    assert tag_named("F#", rules_with(tags_open=True)) == Tag("f-sharp", "F#")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[a]\nname = "A"\n[a]\n', "t:3:3: This is not TOML: [a] is there already, in line 1."),
        ("[a\n", "t:1:3: This is not TOML"),
        ("[a", "t:1: This is not TOML"),
        ('[[a]]\nname = "A"\n', 't:1:3: "a" stands outside a table.'),
        ('[a]\nname = "A"\nnaem = "A"\n', 't:3:1: "naem" is not a field of a tag. Did you mean "name"?'),
        ('[a]\ndescription = "A"\n', 't:1:2: The tag "a" has no name.'),
        ('[a]\nname = ""\n', 't:2:1: The name of "a" is not a text of one line.'),
        ('[a]\nname = "A\\u0000"\n', 't:2:1: The name of "a" is not a text of one line.'),
        ("[a]\nname = 3\n", 't:2:1: The name of "a" is not a text of one line.'),
        ('[a]\nname = "A"\naliases = "b"\n', 't:3:1: The aliases of "a" are not a list of texts.'),
        ('[a]\nname = "A"\naliases = ["B b"]\n', 't:3:1: "B b" cannot be an alias'),
        ('["C++"]\nname = "C++"\n', 't:1:3: "C++" cannot be the slug of a tag'),
        ('a = "A"\n', 't:1:1: "a" stands outside a table.'),
        (
            '[a]\nname = "A"\n[b]\nname = "B"\naliases = ["a"]\n',
            't:5:1: "a" belongs to the tag "a" already',
        ),
        ('[a]\nname = "A"\naliases=["b"]\n[b]\nname = "B"\n', 't:4:2: "b" belongs to the tag "a" already, in line 3.'),
        ('[a]\nname = "Same"\n[b]\nname = "same"\n', 't:4:1: "same" belongs to the tag "a" already, in line 2.'),
        ("[a]\n# \xf6.", 't:2:3: Byte 6 (0xF6) is not UTF-8: it looks like Latin-1, where it is "ö".'),
    ],
)
def test_a_mistake_in_the_registry_is_named(text: str, told: str) -> None:
    _, faults = read_tags("t", text.encode("latin-1"))
    assert str(faults[0]).startswith(told)
    assert len(faults) == 1 and faults[0].cure


@given(st.binary(max_size=100) | st.text('[]a"=\n\\.#{}', max_size=60).map(str.encode))
def test_no_bytes_raise(raw: bytes) -> None:
    read_tags("t", raw)


def test_deep_nesting_raises_nothing() -> None:
    assert read_tags("t", b"a = " + b"[" * 100_000)[1]


def test_the_blogs_own_registry_has_no_faults() -> None:
    tags, faults = read_tags("pages/tags.toml", FILE.read_bytes())
    assert not faults
    assert [tag.slug for tag in tags] == sorted(tag.slug for tag in tags)
    assert all(tag.description.endswith(".") for tag in tags)


@pytest.mark.parametrize(
    ("careless", "name"),
    [
        *(("Distributed System", "Distributed Systems"), ("Distributed Systems", "Distributed Systems")),
        *(("Postgres", "PostgreSQL"), ("Postgresql", "PostgreSQL"), ("Ibkr", "Interactive Brokers")),
        *(("Eidas", "eIDAS"), ("Grpc", "gRPC"), ("Mtls", "mTLS"), ("Dapp", "dApp"), ("Nodejs", "Node.js")),
        *(("Rmq", "RabbitMQ"), ("Zmq", "ZeroMQ"), ("Openbanking", "Open Banking"), ("Psd2", "PSD2"), ("Api", "API")),
        *(("Mt4", "MetaTrader 4"), ("Mt5", "MetaTrader 5"), ("Mqtt", "MQTT"), ("Pgbouncer", "PgBouncer")),
        *(
            ("Fapi", "FAPI"),
            ("Evm", "EVM"),
            ("Fix", "FIX"),
            ("Xml", "XML"),
            ("Aws", "AWS"),
            ("Javascript", "JavaScript"),
        ),
        *((name, name) for name in ("Blockchain", "Coinbase", "Crypto", "Fintech", "Hardhat", "Smart Contracts")),
        *((name, name) for name in ("Infrastructure", "Kubernetes", "Cassandra", "Go", "Microservices", "Celery")),
        *((name, name) for name in ("Interactive Brokers", "Python", "Trading", "Elasticsearch")),
    ],
)
def test_a_careless_spelling_finds_the_tag(careless: str, name: str) -> None:
    tags, _ = read_tags("pages/tags.toml", FILE.read_bytes())
    found = tag_named(careless, rules_with(*tags))
    assert found is not None and found.name == name
