"""The base fee when every block is full, and how long an offer stands it."""

from __future__ import annotations

from lab.local import Local
from till.fees import offer
from till.rpc import number

SPINNING = "0x5b600056"  # JUMPDEST, PUSH1 0, JUMP: burns all the gas that it is given


def measured(local: Local, blocks: int = 10) -> dict[str, object]:
    """Base fees of full blocks in a row, in gwei, and the offer made before them."""
    local.rpc("evm_setAutomine", False)
    local.mine(12)  # empty blocks, so that the median tip is nothing
    limit = number(local.rpc("eth_getBlockByNumber", "latest", False)["gasLimit"])
    fees = offer(local.rpc)
    base = []
    for _ in range(blocks):
        for at in range(4):
            local.rpc(
                "eth_sendTransaction",
                {
                    "from": local.accounts[at],
                    "data": SPINNING,
                    "gas": hex(limit // 4),
                    "maxFeePerGas": hex(10**12),
                    "maxPriorityFeePerGas": "0x1",
                },
            )
        local.mine()
        block = local.rpc("eth_getBlockByNumber", "latest", False)
        assert number(block["gasUsed"]) > 0.99 * limit, block["gasUsed"]
        base.append(number(block["baseFeePerGas"]))
    local.rpc("evm_setAutomine", True)
    stands = next(at for at, fee in enumerate(base) if fee > fees.max_fee)
    return {"base": base, "max_fee": fees.max_fee, "stands": stands}
