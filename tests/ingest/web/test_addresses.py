import pytest

from openbook.errors import ReadError
from openbook.ingest.web.addresses import Gate, Reach, parse, reach

PUBLIC = "8.8.8.8 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1"
PRIVATE = (
    "10.1.1.1 172.16.0.1 192.168.1.1 127.0.0.1 100.64.0.1 ::1 fc00::1 ::ffff:10.0.0.1 ::10.0.0.1 64:ff9b::a00:1 "
    "2002:a00:1::"
)
NEVER = (
    "169.254.169.254 0.0.0.0 224.0.0.1 240.0.0.1 255.255.255.255 192.0.2.1 168.63.129.16 :: fe80::1%eth0 ff02::1 "
    "fd00:ec2::254 2001:db8::1 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe:: fec0::1 nonsense"
)


@pytest.mark.parametrize(
    ("addresses", "expected"), [(PUBLIC, Reach.PUBLIC), (PRIVATE, Reach.PRIVATE), (NEVER, Reach.NEVER)]
)
def test_every_kind_of_number_is_known_for_what_it_is(addresses, expected):
    assert {address: reach(address) for address in addresses.split()} == dict.fromkeys(addresses.split(), expected)


def test_teredo_and_isatap_do_not_hide_a_private_address():
    assert reach("2001:0:808:808:0:0:f5ff:fffe") is not Reach.PUBLIC
    assert reach("2606:4700::5efe:10.0.0.1") is Reach.PRIVATE


@pytest.mark.parametrize(
    "address",
    [
        "ftp://help.example.com/",
        "file:///etc/passwd",
        "http://user:secret@help.example.com/",
        "http://help.example.com@10.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0x7f.0.0.0x1/",
        "http://[fe80::1%25eth0]/",
        "http://help.example.com:99999/",
        "http://help.example.com:0/",
        "http://help.example.com\\@evil.example/",
        "http://help.example.com/a b",
        "http:///path",
        "http://a..b/",
        f"http://help.example.com/{'x' * 3_000}",
    ],
)
def test_an_address_in_disguise_is_refused_before_anything_is_looked_up(address):
    with pytest.raises(ReadError) as raised:
        parse(address)
    assert raised.value.fix


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://8.8.8.8:22/"]
)
def test_a_number_or_port_that_may_not_be_reached_is_refused_without_a_look_up(address):
    with pytest.raises(ReadError):
        Gate(resolver=None).check(address)


def test_one_private_answer_among_public_ones_is_enough_to_refuse_a_host():
    gate = Gate(resolver=lambda host, port: ("8.8.8.8", "10.0.0.1"))
    with pytest.raises(ReadError, match=r"leads to 10\.0\.0\.1"):
        gate.admit("help.example.com", 443)


def test_private_addresses_can_be_allowed_but_not_those_where_clouds_keep_credentials():
    assert Gate(allow_private=True, resolver=lambda *_: ("10.0.0.1",)).admit("intranet", 80) == ("10.0.0.1",)
    with pytest.raises(ReadError):
        Gate(allow_private=True, resolver=lambda *_: ("169.254.169.254",)).admit("intranet", 80)
