// The code flow under FAPI 2.0, and what the bank refuses. `CA`: a folder of issue.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test, { after, before } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import * as oauth from "openid-client";
import { CALLBACK, CLIENT, startBank } from "./bank.js";
import { browse, connect, discover, fetchWith, redeem, request } from "./firm.js";

const read = (name) => readFileSync(`${process.env.CA}/${name}`);
const ca = read("trust.pem");
const mine = { cert: read("qwac.pem"), key: read("qwac.key"), ca };
const other = { cert: read("reader.pem"), key: read("reader.key"), ca };
const server = { cert: read("server.pem"), key: read("server.key"), ca };
let key, stranger, banks, bank, config;

const jwk = async (pair, kid) => ({
  ...(await exportJWK(pair)),
  kid,
  use: "sig",
  alg: "PS256",
});
const start = (about = {}) => startBank({ ...server, ...banks, ...about });

before(async () => {
  const pairs = await Promise.all(
    [1, 2, 3].map(() => generateKeyPair("PS256", { extractable: true })),
  );
  [key, stranger] = [pairs[0].privateKey, pairs[1].privateKey];
  banks = {
    jwks: { keys: [await jwk(pairs[2].privateKey, "bank")] },
    clientKeys: { keys: [await jwk(pairs[0].publicKey, "client")] },
  };
  bank = await start();
  config = await connect(bank.issuer, key, mine);
});
after(() => bank.close());

const tokens = async (on = config) => {
  const asked = await request(on);
  return redeem(on, await browse(asked.url, ca), asked);
};
const accounts = (issuer, pair, token) =>
  fetchWith(pair)(`${issuer}/accounts`, {
    headers: { authorization: `Bearer ${token}` },
  });

test("the whole way: PAR, PKCE, JARM, private_key_jwt, a bound token", async () => {
  const asked = await request(config);
  assert.deepEqual([...asked.url.searchParams.keys()].sort(), [
    "client_id",
    "request_uri",
  ]);
  const callback = await browse(asked.url, ca);
  assert.deepEqual([...new URL(callback).searchParams.keys()], ["response"]);
  const got = await redeem(config, callback, asked);
  assert.equal((await accounts(bank.issuer, mine, got.access_token)).status, 200);
});

test("a stolen access token is refused on another certificate", async () => {
  const { access_token: stolen } = await tokens();
  assert.equal((await accounts(bank.issuer, other, stolen)).status, 401);
  assert.equal((await accounts(bank.issuer, { ca }, stolen)).status, 401);
});

test("a token that is bound to no certificate is refused", async () => {
  const { access_token: value } = await tokens();
  const { clientId, accountId, grantId, scope } =
    await bank.provider.AccessToken.find(value);
  const client = await bank.provider.Client.find(clientId);
  const made = new bank.provider.AccessToken({ client, accountId, grantId, scope });
  const unbound = await made.save();
  assert.equal((await bank.provider.AccessToken.find(unbound)).isValid, true);
  assert.equal((await accounts(bank.issuer, mine, unbound)).status, 401);
  assert.equal((await accounts(bank.issuer, { ca }, unbound)).status, 401);
});

test("after a change of certificates refreshing gives a new token", async () => {
  const { access_token: old, refresh_token: kept } = await tokens();
  assert.equal((await accounts(bank.issuer, other, old)).status, 401);
  const after = await connect(bank.issuer, key, other);
  const { access_token: fresh } = await oauth.refreshTokenGrant(after, kept);
  assert.equal((await accounts(bank.issuer, other, fresh)).status, 200);
  assert.equal((await accounts(bank.issuer, mine, fresh)).status, 401);
});

test("an authorisation request that was not pushed is refused", async () => {
  const plain = new URL(config.serverMetadata().authorization_endpoint);
  const about = {
    client_id: CLIENT,
    response_type: "code",
    scope: "openid",
    redirect_uri: CALLBACK,
  };
  plain.search = new URLSearchParams(about);
  const answer = new URL(await browse(plain, ca)).searchParams;
  assert.match(
    answer.get("error_description"),
    /Pushed Authorization Request must be used/,
  );
  assert.equal(answer.get("code"), null);
});

const pushed = (on, left) =>
  oauth.buildAuthorizationUrlWithPAR(on, {
    redirect_uri: CALLBACK,
    scope: "openid",
    ...left,
  });

test("a pushed request without PKCE is refused", () =>
  assert.rejects(pushed(config, {}), { error: "invalid_request" }));

test("an assertion signed by another key is refused", async () => {
  const forged = await connect(bank.issuer, stranger, mine);
  await assert.rejects(request(forged), { error: "invalid_client" });
});

test("an assertion whose audience is the endpoint is refused", async () => {
  const endpoint = config.serverMetadata().pushed_authorization_request_endpoint;
  const signer = oauth.PrivateKeyJwt(
    { key, kid: "client" },
    { [oauth.modifyAssertion]: (_, payload) => void (payload.aud = endpoint) },
  );
  const wrong = await oauth.discovery(new URL(bank.issuer), CLIENT, {}, signer, {
    [oauth.customFetch]: fetchWith(mine),
  });
  await assert.rejects(request(wrong), { error: "invalid_client" });
});

test("a code works once, and using it again ends its tokens", async () => {
  const asked = await request(config);
  const callback = await browse(asked.url, ca);
  const got = await redeem(config, callback, asked);
  await assert.rejects(redeem(config, callback, asked), { error: "invalid_grant" });
  assert.equal((await accounts(bank.issuer, mine, got.access_token)).status, 401);
});

test("an answer of another state is refused by the client", async () => {
  const asked = await request(config);
  const callback = await browse(asked.url, ca);
  await assert.rejects(redeem(config, callback, { ...asked, state: "another" }));
});

const plainAnswer = async (profile) => {
  const own = await start({ profile });
  const on = await discover(own.issuer, key, mine);
  const challenge = await oauth.calculatePKCECodeChallenge(
    oauth.randomPKCECodeVerifier(),
  );
  const about = { redirect_uri: CALLBACK, scope: "openid", state: "s", nonce: "n" };
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  const outcome = await oauth
    .buildAuthorizationUrlWithPAR(on, { ...about, ...pkce, response_mode: "query" })
    .then(
      () => "taken",
      (error) => error.error_description ?? error.message,
    );
  own.close();
  return outcome;
};

test("FAPI 2.0 takes a plain answer with a code, 1.0 Advanced does not", async () => {
  assert.equal(await plainAnswer("2.0"), "taken");
  assert.match(await plainAnswer("1.0 Final"), /response_mode/);
});

// region stale
const stale = async (rotate) => {
  const own = await start({ rotate });
  const on = await connect(own.issuer, key, mine);
  const first = await tokens(on);
  const mineNow = await oauth.refreshTokenGrant(on, first.refresh_token);
  const second = await oauth
    .refreshTokenGrant(on, first.refresh_token)
    .catch((error) => error);
  const { status } = await accounts(own.issuer, mine, mineNow.access_token);
  own.close();
  return { second: second.error ?? "refreshed", first: status };
};

test("a worker with an old refresh token is harmless where none rotate", async () =>
  assert.deepEqual(await stale(false), { second: "refreshed", first: 200 }));

test("and ends the whole grant where they do", async () =>
  assert.deepEqual(await stale(true), { second: "invalid_grant", first: 401 }));
// endregion stale
