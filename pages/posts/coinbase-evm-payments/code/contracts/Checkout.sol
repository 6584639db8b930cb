// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from
    "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from
    "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title Takes the exact amount of an invoice, once and in time, or reverts.
/// @notice Money goes from the payer to the treasury; this contract never holds any.
/// An invoice's id is a hash of its terms, so nobody can pay it on other terms.
/// Interface for programs: `invoiceId`, `pay`, `payWithPermit`, `paid`, event `Paid`.
contract Checkout is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    // region terms
    struct Terms {
        address token; // zero for the chain's own coin
        uint256 amount; // in the token's smallest unit
        uint64 deadline; // the last second of a block that may hold the payment
        bytes32 salt; // random, so that equal terms make different invoices
    }

    event Paid(
        bytes32 indexed invoice,
        address indexed payer,
        address indexed token,
        uint256 amount
    );

    address public immutable treasury;
    mapping(bytes32 invoice => bool) public paid;

    function invoiceId(Terms calldata terms) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), terms));
    }
    // endregion terms

    error TooLate(uint64 deadline);
    error AlreadyPaid(bytes32 invoice);
    error WrongAmount(uint256 arrived, uint256 asked);
    error NotTaken();

    constructor(address treasury_) {
        require(treasury_ != address(0));
        treasury = treasury_;
    }

    // region pay
    function pay(Terms calldata terms) public payable nonReentrant {
        require(block.timestamp <= terms.deadline, TooLate(terms.deadline));
        bytes32 invoice = invoiceId(terms);
        require(!paid[invoice], AlreadyPaid(invoice));
        paid[invoice] = true;
        uint256 arrived = terms.token == address(0) ? _coin() : _token(terms);
        require(arrived == terms.amount, WrongAmount(arrived, terms.amount));
        emit Paid(invoice, msg.sender, terms.token, terms.amount);
    }

    function _token(Terms calldata terms) private returns (uint256) {
        require(msg.value == 0, WrongAmount(msg.value, 0));
        IERC20 token = IERC20(terms.token);
        uint256 before = token.balanceOf(treasury);
        token.safeTransferFrom(msg.sender, treasury, terms.amount);
        return token.balanceOf(treasury) - before;
    }

    function _coin() private returns (uint256) {
        (bool taken,) = treasury.call{value: msg.value}("");
        require(taken, NotTaken());
        return msg.value;
    }
    // endregion pay

    // region permit
    /// @dev A permit can be taken from the mempool and used by anyone, which also uses
    /// it up. So a failed one is no error: what counts is the allowance afterwards.
    function payWithPermit(
        Terms calldata terms,
        uint256 until,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        IERC20Permit token = IERC20Permit(terms.token);
        address payee = address(this);
        try token.permit(msg.sender, payee, terms.amount, until, v, r, s) {} catch {}
        pay(terms);
    }
    // endregion permit
}
