// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkout} from "./Checkout.sol";
import {Dollar, Hooked, Payer, Refusing, Silent, Taxed} from "./Tokens.sol";

/// @dev The few cheat codes that these tests need.
interface Vm {
    function addr(uint256 key) external returns (address);
    function deal(address to, uint256 amount) external;
    function expectEmit() external;
    function expectRevert() external;
    function expectRevert(bytes calldata reason) external;
    function prank(address sender) external;
    function sign(uint256 key, bytes32 digest)
        external
        returns (uint8, bytes32, bytes32);
    function warp(uint256 time) external;
}

contract Reenterer is Payer {
    Checkout private immutable checkout;
    Checkout.Terms private inner;

    constructor(Checkout checkout_, Hooked token) {
        checkout = checkout_;
        token.approve(address(checkout_), type(uint256).max);
    }

    function attack(Checkout.Terms calldata outer, Checkout.Terms calldata inner_)
        external
    {
        inner = inner_;
        checkout.pay(outer);
    }

    function beforeTransfer() external {
        checkout.pay(inner);
    }
}

contract CheckoutTest {
    Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    uint256 private constant KEY = 0xA11CE;
    address private constant TREASURY = address(0x7EA5);

    Checkout private checkout = new Checkout(TREASURY);
    Dollar private dollar = new Dollar();
    address private payer = vm.addr(KEY);

    function terms(address token, uint256 amount)
        private
        view
        returns (Checkout.Terms memory)
    {
        uint64 deadline = uint64(block.timestamp) + 900;
        return Checkout.Terms(token, amount, deadline, bytes32(uint256(1)));
    }

    function funded(uint256 amount) private {
        dollar.mint(payer, amount);
        vm.prank(payer);
        dollar.approve(address(checkout), amount);
    }

    // region exact
    function testFuzzTakesTheExactAmountOnce(uint128 amount, bytes32 salt) public {
        Checkout.Terms memory asked = terms(address(dollar), amount);
        asked.salt = salt;
        bytes32 invoice = checkout.invoiceId(asked);
        funded(uint256(amount) * 2);

        vm.expectEmit();
        emit Checkout.Paid(invoice, payer, address(dollar), amount);
        vm.prank(payer);
        checkout.pay(asked);

        vm.expectRevert(abi.encodeWithSelector(Checkout.AlreadyPaid.selector, invoice));
        vm.prank(payer);
        checkout.pay(asked);
        require(dollar.balanceOf(TREASURY) == amount);
        require(dollar.balanceOf(address(checkout)) == 0);
    }

    function testFuzzOtherTermsAreAnotherInvoice(
        uint128 asked,
        uint128 offered,
        uint64 later
    ) public view {
        if (asked == offered) return;
        Checkout.Terms memory agreed = terms(address(dollar), asked);
        Checkout.Terms memory cheaper = terms(address(dollar), offered);
        Checkout.Terms memory longer = terms(address(dollar), asked);
        longer.deadline += uint64(later % 1e9) + 1;
        require(checkout.invoiceId(agreed) != checkout.invoiceId(cheaper));
        require(checkout.invoiceId(agreed) != checkout.invoiceId(longer));
    }
    // endregion exact

    function testFuzzTreasuryHoldsWhatWasPaid(uint64[6] calldata amounts) public {
        uint256 sum;
        for (uint256 i = 0; i < amounts.length; i++) {
            Checkout.Terms memory asked = terms(address(dollar), amounts[i]);
            asked.salt = bytes32(i);
            funded(amounts[i]);
            vm.prank(payer);
            checkout.pay(asked);
            sum += amounts[i];
        }
        require(dollar.balanceOf(TREASURY) == sum);
    }

    function testTheLastSecondIsInTimeAndTheNextIsNot() public {
        Checkout.Terms memory asked = terms(address(dollar), 5);
        funded(10);
        vm.warp(asked.deadline);
        vm.prank(payer);
        checkout.pay(asked);
        asked.salt = bytes32(uint256(2));
        vm.warp(asked.deadline + 1);
        bytes4 late = Checkout.TooLate.selector;
        vm.expectRevert(abi.encodeWithSelector(late, asked.deadline));
        vm.prank(payer);
        checkout.pay(asked);
    }

    // region quirks
    function testATokenThatReturnsNothingIsTaken() public {
        Silent silent = new Silent();
        silent.mint(payer, 100);
        vm.prank(payer);
        silent.approve(address(checkout), 100);
        vm.prank(payer);
        checkout.pay(terms(address(silent), 100));
        require(silent.balanceOf(TREASURY) == 100);
    }

    function testATokenThatReturnsFalseIsRefused() public {
        Refusing refusing = new Refusing();
        vm.expectRevert();
        vm.prank(payer);
        checkout.pay(terms(address(refusing), 100));
    }

    function testATokenThatKeepsAFeeIsRefused() public {
        Taxed taxed = new Taxed();
        taxed.mint(payer, 100);
        vm.prank(payer);
        taxed.approve(address(checkout), 100);
        vm.expectRevert(abi.encodeWithSelector(Checkout.WrongAmount.selector, 99, 100));
        vm.prank(payer);
        checkout.pay(terms(address(taxed), 100));
    }
    // endregion quirks

    function testATokenThatCallsBackCannotPayAnotherInvoiceMeanwhile() public {
        Hooked hooked = new Hooked();
        Reenterer reenterer = new Reenterer(checkout, hooked);
        hooked.mint(address(reenterer), 200);
        Checkout.Terms memory outer = terms(address(hooked), 100);
        Checkout.Terms memory inner = terms(address(hooked), 100);
        inner.salt = bytes32(uint256(2));
        vm.expectRevert();
        reenterer.attack(outer, inner);
        require(!checkout.paid(checkout.invoiceId(outer)));
    }

    function testTheCoinOfTheChainIsTakenInTheExactAmount() public {
        Checkout.Terms memory asked = terms(address(0), 1 ether);
        vm.deal(payer, 3 ether);
        bytes4 wrong = Checkout.WrongAmount.selector;
        vm.expectRevert(abi.encodeWithSelector(wrong, 0.9 ether, 1 ether));
        vm.prank(payer);
        checkout.pay{value: 0.9 ether}(asked);
        vm.prank(payer);
        checkout.pay{value: 1 ether}(asked);
        require(TREASURY.balance == 1 ether);
    }

    function testCoinsSentAlongWithATokenAreRefused() public {
        funded(5);
        vm.deal(payer, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(Checkout.WrongAmount.selector, 1, 0));
        vm.prank(payer);
        checkout.pay{value: 1}(terms(address(dollar), 5));
    }

    // region permit
    function permit(uint256 amount) private returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 kind = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,"
            "uint256 deadline)"
        );
        uint256 nonce = dollar.nonces(payer);
        uint256 until = type(uint256).max;
        bytes32 content = keccak256(
            abi.encode(kind, payer, address(checkout), amount, nonce, until)
        );
        bytes32 domain = dollar.DOMAIN_SEPARATOR();
        return vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", domain, content)));
    }

    function testAPermitPaysInOneTransaction() public {
        dollar.mint(payer, 7);
        (uint8 v, bytes32 r, bytes32 s) = permit(7);
        vm.prank(payer);
        checkout.payWithPermit(terms(address(dollar), 7), type(uint256).max, v, r, s);
        require(dollar.balanceOf(TREASURY) == 7);
    }

    function testAPermitThatAStrangerUsedUpStillPays() public {
        dollar.mint(payer, 7);
        (uint8 v, bytes32 r, bytes32 s) = permit(7);
        vm.prank(address(0xBAD));
        dollar.permit(payer, address(checkout), 7, type(uint256).max, v, r, s);
        vm.prank(payer);
        checkout.payWithPermit(terms(address(dollar), 7), type(uint256).max, v, r, s);
        require(dollar.balanceOf(TREASURY) == 7);
    }
    // endregion permit

    function testWithoutAPermitOrAnAllowanceNothingIsPaid() public {
        dollar.mint(payer, 7);
        vm.expectRevert();
        vm.prank(payer);
        Checkout.Terms memory asked = terms(address(dollar), 7);
        checkout.payWithPermit(asked, type(uint256).max, 27, bytes32(0), bytes32(0));
    }
}
