// CurveZMQ: who may connect where. Answers the question "is this key known?" (ZAP).
import { Reply } from "zeromq";

// region keys
export const serverKeys = ({ publicKey, secretKey }, domain) => ({
  curveServer: true,
  curvePublicKey: publicKey,
  curveSecretKey: secretKey,
  zapDomain: domain, // "readers", "workers", "gateways": whose keys may come in
  zapEnforceDomain: true, // Without this, no guard means that everyone is let in.
});

export const clientKeys = (own, serverPublicKey) => ({
  curveServerKey: serverPublicKey,
  curvePublicKey: own.publicKey,
  curveSecretKey: own.secretKey,
});

// Must be bound before the first client knocks; one per process (per context).
export async function guard(mayEnter) {
  const door = new Reply({ linger: 0 });
  await door.bind("inproc://zeromq.zap.01");
  const serving = answerAll(door, mayEnter);
  return {
    async close() {
      door.close();
      await serving;
    },
  };
}

async function answerAll(door, mayEnter) {
  for await (const [version, id, domain, , , mechanism, key] of door) {
    const name = key?.toString("hex") ?? "";
    const curve = mechanism.toString() === "CURVE";
    const known = curve && mayEnter(name, domain.toString());
    const verdict = known ? ["200", "OK", name, ""] : ["400", "No access", "", ""];
    await door.send([version, id, ...verdict]);
  }
}
// endregion keys
