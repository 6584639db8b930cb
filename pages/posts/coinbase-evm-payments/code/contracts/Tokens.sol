// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from
    "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

// Tokens for the tests. Anyone may mint; none of them is worth anything.

/// @notice Well behaved, with six decimals and permit, as USDC has them.
contract Dollar is ERC20Permit {
    constructor() ERC20("Test Dollar", "TUSD") ERC20Permit("Test Dollar") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

// region odd
/// @notice Returns nothing where EIP-20 says bool, and wants allowances reset: USDT.
contract Silent {
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        require(amount == 0 || allowance[msg.sender][spender] == 0);
        allowance[msg.sender][spender] = amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Keeps one per cent of every transfer.
contract Taxed is ERC20("Taxed", "TAX") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        bool taxed = from != address(0) && to != address(0);
        uint256 tax = taxed ? amount / 100 : 0;
        if (tax > 0) super._update(from, address(0), tax);
        super._update(from, to, amount - tax);
    }
}

/// @notice Says no by returning false instead of reverting.
contract Refusing is ERC20("Refusing", "NO") {
    function transferFrom(address, address, uint256)
        public
        pure
        override
        returns (bool)
    {
        return false;
    }
}
// endregion odd

interface Payer {
    function beforeTransfer() external;
}

/// @notice Calls its sender before it moves anything, as ERC-777 does.
contract Hooked is ERC20("Hooked", "HOOK") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount)
        public
        override
        returns (bool)
    {
        Payer(from).beforeTransfer();
        return super.transferFrom(from, to, amount);
    }
}
