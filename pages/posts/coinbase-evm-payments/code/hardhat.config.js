import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";

// The compiler is the npm package solc, so nothing is downloaded while compiling.
export default defineConfig({
  solidity: {
    version: "0.8.37",
    path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
    settings: { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 } },
  },
  test: { solidity: { fuzz: { runs: 256 } } },
});
