// CurveZMQ: who may connect. The answers to ZeroMQ's own question, "is this key known?" (ZAP, RFC 27).
import { Reply } from "zeromq";

// region keys
export const serverKeys = ({ publicKey, secretKey }) => ({
  curveServer: true,
  curvePublicKey: publicKey,
  curveSecretKey: secretKey,
  zapDomain: "events",
  zapEnforceDomain: true, // Without this, no guard means that everyone is let in.
});

export const clientKeys = (own, serverPublicKey) => ({
  curveServerKey: serverPublicKey,
  curvePublicKey: own.publicKey,
  curveSecretKey: own.secretKey,
});

// Must be bound before the first client knocks; one per process (per ZeroMQ context).
export async function guard(isKnown) {
  const door = new Reply({ linger: 0 });
  await door.bind("inproc://zeromq.zap.01");
  const serving = (async () => {
    for await (const [version, id, domain, address, identity, mechanism, key] of door) {
      const known = mechanism.toString() === "CURVE" && isKnown(key.toString("hex"), address.toString());
      await door.send([version, id, ...(known ? ["200", "OK", key.toString("hex"), ""] : ["400", "No access", "", ""])]);
    }
  })();
  return { close: () => (door.close(), serving) };
}
// endregion keys
