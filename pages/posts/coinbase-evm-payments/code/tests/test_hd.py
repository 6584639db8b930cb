"""Addresses from an xpub: the vectors of BIP-32, and another implementation."""

from __future__ import annotations

import pytest
from eth_account import Account

from lab.local import MNEMONIC
from lab.vault import account, from_seed, stolen
from till.hd import from_xpub, to_xpub

# BIP-32, test vector 2: the master key and its child 0.
MASTER = (
    "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8id"
    "oc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB"
)
CHILD = (
    "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoU"
    "mmDznezpbZb7ap6r1D3tgFxHmwMkQTPH"
)
SEED = bytes.fromhex(
    "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a"
    "8784817e7b7875726f6c696663605d5a5754514e4b484542"
)


def test_the_vectors_of_the_standard() -> None:
    assert from_seed(SEED).xpub == MASTER
    assert from_seed(SEED).child(0).xpub == CHILD
    assert from_xpub(MASTER).child(0) == from_xpub(CHILD)


def test_another_implementation_makes_the_same_addresses_from_the_private_side() -> (
    None
):
    Account.enable_unaudited_hdwallet_features()
    public = from_xpub(account(MNEMONIC).xpub)
    for index in (0, 1, 2, 1_000, 2**31 - 1):
        known = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
        assert public.child(index).address == known.address


def test_hardened_children_and_private_or_spoilt_keys_are_refused() -> None:
    public = from_xpub(MASTER)
    with pytest.raises(ValueError, match="hardened"):
        public.child(2**31)
    with pytest.raises(ValueError, match="checksum"):
        from_xpub(MASTER[:-1] + "C")
    private = (
        "xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSp"
        "SBHNqPqm55Qn3LqFtT2emdEXVYsCzC2U"
    )
    with pytest.raises(ValueError, match="never give"):
        from_xpub(private)


def test_an_xpub_round_trips() -> None:
    assert to_xpub(from_xpub(MASTER), 0, bytes(4), 0) == MASTER


# region theft
def test_one_leaked_child_key_and_the_xpub_give_away_the_whole_branch() -> None:
    branch = account(MNEMONIC)
    leaked = branch.child(7).secret
    found = stolen(from_xpub(branch.xpub), 7, leaked)
    assert found == branch.secret


# endregion theft
